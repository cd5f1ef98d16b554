package files

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// point is a name in a real directory, one whose path has no symbolic links.
type point struct{ dir, name string }

// maxLinks is how many links a path may lead through, as for Linux
// (path_resolution(7)).
const maxLinks = 40

// trail follows path through its symbolic links. It returns the places at which
// something may happen to what path leads to: every link on the way, and the end
// of it, be it there or not; and the real path of the end. The error says that
// there is no end: it is missing, or the links run in a circle.
func trail(path string) (points []point, resolved string, err error) {
	resolved, rest := split(path)
	for links := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		switch name {
		case ".":
			continue
		case "..":
			resolved = filepath.Dir(resolved)
			continue
		}
		at := filepath.Join(resolved, name)
		fi, err := os.Lstat(at)
		isLink := err == nil && fi.Mode()&fs.ModeSymlink != 0
		if err != nil || isLink || len(rest) == 0 || !fi.IsDir() {
			points = append(points, point{resolved, name})
		}
		switch {
		case err != nil:
			return points, "", err
		case isLink:
			if links++; links > maxLinks {
				return points, "", &fs.PathError{Op: "follow", Path: path, Err: syscall.ELOOP}
			}
			target, err := os.Readlink(at)
			if err != nil {
				return points, "", err
			}
			if filepath.IsAbs(target) {
				var names []string
				resolved, names = split(target)
				rest = append(names, rest...)
			} else {
				rest = append(names(target), rest...)
			}
		case len(rest) > 0 && !fi.IsDir():
			return points, "", &fs.PathError{Op: "enter", Path: at, Err: syscall.ENOTDIR}
		default:
			resolved = at
		}
	}
	return points, resolved, nil
}

// split returns the root of an absolute path and the names below it.
func split(path string) (root string, below []string) {
	volume := filepath.VolumeName(path)
	return volume + string(filepath.Separator), names(path[len(volume):])
}

// names returns the names that a path is made of. Unlike filepath.Clean it keeps
// "..", which behind a symbolic link means another directory.
func names(path string) []string {
	// A backslash is an ordinary character where it does not separate.
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == filepath.Separator })
}
