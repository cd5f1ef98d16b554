//go:build unix

package source

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// checkImage reports what execve(2) would not start: a script whose interpreter
// is missing, or one that names none. path is how the user wrote file.
func checkImage(path, file string) error {
	head, ok := readHead(file)
	if !ok {
		return nil // executable but not readable: the kernel decides
	}
	if line, ok := interpreterLine(head); ok {
		return checkInterpreter(path, line)
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
