package files

import (
	"os"
	"path/filepath"
	"testing"
)

// saves are the system calls with which editors save a file.
var saves = map[string]func(t *testing.T, path, text string){
	"vim, backupcopy=no": func(t *testing.T, path, text string) {
		t.Helper()
		dir, name := filepath.Split(path)
		swap := filepath.Join(dir, "."+name+".swp")
		write(t, swap, "b0VIM")
		write(t, filepath.Join(dir, "."+name+".swx"), "")
		must(t, os.Remove(filepath.Join(dir, "."+name+".swx")))
		write(t, filepath.Join(dir, "4913"), "")
		must(t, os.Remove(filepath.Join(dir, "4913")))
		must(t, os.Rename(path, path+"~"))
		write(t, path, text)
		must(t, os.Chmod(path, 0o644))
		must(t, os.Remove(path+"~"))
		must(t, os.Remove(swap))
	},
	"vim, backupcopy=yes": func(t *testing.T, path, text string) {
		t.Helper()
		old, err := os.ReadFile(path)
		must(t, err)
		write(t, path+"~", string(old))
		write(t, path, text)
		must(t, os.Remove(path+"~"))
	},
	"emacs": func(t *testing.T, path, text string) {
		t.Helper()
		dir, name := filepath.Split(path)
		lock := filepath.Join(dir, ".#"+name)
		must(t, os.Symlink("me@host.1234:1700000000", lock))
		write(t, filepath.Join(dir, "#"+name+"#"), text)
		must(t, os.Rename(path, path+"~"))
		write(t, path, text)
		must(t, os.Remove(filepath.Join(dir, "#"+name+"#")))
		must(t, os.Remove(lock))
	},
	"JetBrains, safe write": func(t *testing.T, path, text string) {
		t.Helper()
		write(t, path+"___jb_tmp___", text)
		must(t, os.Rename(path, path+"___jb_old___"))
		must(t, os.Rename(path+"___jb_tmp___", path))
		must(t, os.Remove(path+"___jb_old___"))
	},
	"VS Code": func(t *testing.T, path, text string) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		must(t, err)
		must(t, f.Truncate(0))
		_, err = f.WriteString(text)
		must(t, err)
		must(t, f.Sync())
		must(t, f.Close())
	},
	"gedit": func(t *testing.T, path, text string) {
		t.Helper()
		temp := filepath.Join(filepath.Dir(path), ".goutputstream-AB12CD")
		write(t, temp, text)
		must(t, os.Rename(temp, path))
	},
	"sed -i": func(t *testing.T, path, text string) {
		t.Helper()
		temp := filepath.Join(filepath.Dir(path), "sedAb12Cd")
		write(t, temp, text)
		must(t, os.Rename(temp, path))
	},
	"piece by piece": func(t *testing.T, path, text string) {
		t.Helper()
		f, err := os.Create(path)
		must(t, err)
		for _, c := range []byte(text) {
			_, err = f.Write([]byte{c})
			must(t, err)
		}
		must(t, f.Close())
	},
}

func TestSaves(t *testing.T) {
	for name, save := range saves {
		t.Run(name, func(t *testing.T) {
			for disk, dir := range disks(t) {
				t.Run(disk, func(t *testing.T) {
					path, sentinel := filepath.Join(dir, "main.py"), filepath.Join(dir, "z.py")
					write(t, path, "print(1)\n")
					write(t, sentinel, "")
					r := start(t, Options{}, everything(dir)).known()
					save(t, path, "print(2)\n")
					r.expect(false, path)
					save(t, path, "print(2)\n") // saved again, unchanged
					r.nothingBut(sentinel)
					save(t, path, "print(3)\n") // of the same length
					r.expect(false, path)
				})
			}
		})
	}
}

// The first save of all may be one without a change.
func TestSavedUnchangedAtFirst(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			path, sentinel := filepath.Join(dir, "main.py"), filepath.Join(dir, "z.py")
			write(t, path, "print(1)\n")
			write(t, sentinel, "")
			r := start(t, Options{}, everything(dir)).known()
			write(t, path, "print(1)\n")
			r.nothingBut(sentinel)
		})
	}
}

// What an editor leaves while it is open, or has died, is no change, and neither
// are modes and times.
func TestBesideTheSource(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			path, sentinel := filepath.Join(dir, "main.py"), filepath.Join(dir, "z.py")
			write(t, path, "print(1)\n")
			write(t, sentinel, "")
			r := start(t, Options{}, everything(dir)).known()
			for _, name := range []string{".main.py.swp", ".main.py.swo", ".main.py.swx", "main.py~", "#main.py#", ".#main.py", "4913", "main.py___jb_tmp___", "main.py___jb_old___", ".goutputstream-X"} {
				write(t, filepath.Join(dir, name), "left")
			}
			must(t, os.Chmod(path, 0o600))
			fi, err := os.Stat(path)
			must(t, err)
			must(t, os.Chtimes(path, fi.ModTime().Add(raciness), fi.ModTime().Add(raciness)))
			r.nothingBut(sentinel)
		})
	}
}
