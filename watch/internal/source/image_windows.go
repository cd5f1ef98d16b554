package source

// checkImage finds nothing to say: Windows goes by the file's extension, which
// the search for the program has looked at.
func checkImage(string, string) error { return nil }
