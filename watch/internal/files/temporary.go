package files

import (
	"path/filepath"
	"strings"
)

// temporary reports whether editors leave a file of this name beside the one
// that they save: vim's swap files and the 4913 with which it tries whether it
// may write, emacs's locks and autosaves, JetBrains' safe write, GLib's and KDE's
// atomic saves, and backups.
func temporary(path string) bool {
	name := filepath.Base(path)
	switch {
	case name == "4913",
		strings.HasPrefix(name, ".#"),
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"),
		strings.HasSuffix(name, "~"),
		strings.HasPrefix(name, ".goutputstream-"),
		strings.Contains(name, "___jb_"):
		return true
	}
	switch filepath.Ext(name) {
	case ".swp", ".swo", ".swx", ".swpx":
		return true
	}
	return false
}

// moduleFile reports whether a change of the file changes which packages belong
// to a Go program.
func moduleFile(path string) bool {
	switch filepath.Base(path) {
	case "go.mod", "go.sum", "go.work", "go.work.sum":
		return true
	case "modules.txt":
		return filepath.Base(filepath.Dir(path)) == "vendor"
	}
	return false
}
