//go:build unix

package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// headSize is how much of a file execve(2) looks at.
const headSize = 256

// checkImage reports what execve(2) would not start: a script whose interpreter
// is missing, or one that names none.
func checkImage(path string) error {
	head, ok := readHead(path)
	if !ok {
		return nil // executable but not readable: the kernel decides
	}
	if script, ok := bytes.CutPrefix(head, []byte("#!")); ok {
		line, _, _ := bytes.Cut(script, []byte("\n"))
		return checkInterpreter(path, string(line))
	}
	if len(head) == 0 {
		return fmt.Errorf("%s is an empty file", path)
	}
	if bytes.IndexByte(head, 0) < 0 {
		return fmt.Errorf("%s is a text file without a #! line: give it one, or name its interpreter, as in gcl-tui sh %s", path, path)
	}
	return nil
}

// checkInterpreter checks what follows #! in a script.
func checkInterpreter(path, line string) error {
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return fmt.Errorf("%s has an empty #! line: name the interpreter there", path)
	}
	interpreter := fields[0]
	if strings.HasSuffix(line, "\r") {
		return fmt.Errorf("%s has Windows line ends, so its interpreter %q is not found: save it with LF", path, interpreter+"\r")
	}
	if info, err := os.Stat(interpreter); err != nil || info.IsDir() {
		return fmt.Errorf("%s has the interpreter %s in its #! line, which does not exist: correct the line or install it", path, interpreter)
	}
	if program := envProgram(fields); program != "" {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s needs %s by its #! line, which is not on PATH: install it", path, program)
		}
	}
	return nil
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
