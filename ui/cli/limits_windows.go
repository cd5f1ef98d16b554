package cli

// checkDescriptors finds nothing to say: Windows has no such limit.
func checkDescriptors(int) error { return nil }
