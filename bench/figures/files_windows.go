package main

// raiseFiles has nothing to do: Windows has no such limit.
func raiseFiles(_, _ uint64) (string, error) { return "none", nil }
