//go:build unix

package build

// Shell returns the command that has the shell run a line.
func Shell(line string) []string { return []string{"sh", "-c", line} }
