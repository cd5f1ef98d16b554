package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Locate returns the file that a command stands for, absolute. If it cannot be
// run, the error says why in one sentence.
func Locate(dir, command string) (file string, err error) {
	if isPath(command) {
		file = absolute(dir, command)
		// Windows adds the extension.
		found, err := exec.LookPath(file)
		if err != nil {
			return "", explainPath(command, file, err)
		}
		return found, nil
	}
	found, err := exec.LookPath(command)
	if err != nil {
		return "", explainName(command, absolute(dir, command), err)
	}
	return absolute(dir, found), nil
}

// explainPath says why a program given as a path was not found.
func explainPath(path, file string, err error) error {
	info, statErr := os.Stat(file)
	switch {
	case errors.Is(statErr, fs.ErrNotExist), errors.Is(statErr, syscall.ENOTDIR):
		return fmt.Errorf("%s does not exist: check the path", path)
	case statErr != nil:
		return fmt.Errorf("run %s: %w", path, statErr)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s is not executable: chmod +x %s%s", path, path, orInterpreter(path))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file that can be run", path)
	}
	return fmt.Errorf("run %s: %w", path, err)
}

// explainName says why a program given by name was not found on PATH.
func explainName(name, file string, err error) error {
	info, statErr := os.Stat(file)
	switch {
	case statErr == nil && info.IsDir():
		return fmt.Errorf("%s is a directory: write ./%s for the Go package in it", name, name)
	case statErr == nil:
		return fmt.Errorf("%s is not on PATH: write ./%s for the file in this directory%s", name, name, orInterpreter(name))
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("%s is not on PATH: check the name, or give its path", name)
	}
	return fmt.Errorf("run %s: %w", name, err)
}

// usualInterpreters are the usual programs for scripts, by file extension.
var usualInterpreters = map[string]string{
	".cjs": "node", ".js": "node", ".mjs": "node", ".php": "php",
	".pl": "perl", ".py": "python3", ".rb": "ruby", ".sh": "sh", ".ts": "bun",
}

// orInterpreter suggests how a script is run by its interpreter.
func orInterpreter(path string) string {
	if program := usualInterpreters[filepath.Ext(path)]; program != "" {
		return fmt.Sprintf(", or gcl-tui %s %s", program, path)
	}
	return ""
}
