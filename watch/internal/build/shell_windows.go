package build

// Shell returns the command that has the shell run a line.
func Shell(line string) []string { return []string{"cmd", "/c", line} }
