package source

// Check says in one sentence why a program cannot be run, if that can be seen
// from its file.
func Check(dir, command string) error {
	file, err := Locate(dir, command)
	if err != nil {
		return err
	}
	return checkImage(command, file)
}

// IsGo reports whether a request names Go source.
func IsGo(req Request) bool { return len(goFiles(req)) > 0 || isGoDir(req) }
