package source

import (
	"bytes"
	"io"
	"os"
	"strings"
)

// headSize is how much of a file execve(2) looks at.
const headSize = 256

// readHead returns the start of a file, if it can be read.
func readHead(path string) (head []byte, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	head, err = io.ReadAll(io.LimitReader(f, headSize))
	return head, err == nil
}

// interpreterLine returns what follows #! on the first line of a file.
func interpreterLine(head []byte) (line string, ok bool) {
	script, ok := bytes.CutPrefix(head, []byte("#!"))
	if !ok {
		return "", false
	}
	first, _, _ := bytes.Cut(script, []byte("\n"))
	return string(first), true
}

// envProgram returns NAME of "#!/usr/bin/env NAME" and "#!/usr/bin/env -S NAME".
func envProgram(fields []string) string {
	if !strings.HasSuffix(fields[0], "/env") {
		return ""
	}
	args := fields[1:]
	if len(args) > 0 && args[0] == "-S" {
		args = args[1:]
	}
	if len(args) == 0 || args[0][0] == '-' || strings.Contains(args[0], "=") {
		return ""
	}
	return args[0]
}
