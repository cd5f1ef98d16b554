package files

import (
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"time"
)

// file is what is known of a file that counts: enough to tell whether its
// content is another now, in few bytes, since a tree may have very many.
type file struct {
	size  int64
	mtime int64  // nanoseconds since 1970
	ctime int64  // see ctimeOf
	hash  uint64 // of the content; valid if hashed
	// hashed says that the content is known.
	hashed bool
	// racy says that the file was written shortly before it was looked at, so a
	// second write may have left size and time as they are.
	racy bool
}

// raciness is the coarsest resolution of modification times: that of FAT.
const raciness = 2 * time.Second

// maxHashed is the size above which files are told apart by size and time alone.
const maxHashed = 256 << 20

func fileOf(fi fs.FileInfo, now time.Time) file {
	return file{
		size: fi.Size(), mtime: fi.ModTime().UnixNano(), ctime: ctimeOf(fi),
		racy: now.Sub(fi.ModTime()) < raciness,
	}
}

// looks reports whether size and times are those of g.
func (f file) looks(g file) bool { return f.size == g.size && f.mtime == g.mtime && f.ctime == g.ctime }

// seed is that of all hashes of this process. They are compared with each other
// only, and nobody gains by a collision, so 64 bits suffice.
var seed = maphash.MakeSeed()

// statFile returns the file at path, or at the end of the link that path is,
// without its hash. What is no regular file does not exist here: a fifo would
// block who opens it.
func statFile(path string, now time.Time) (file, error) {
	fi, err := os.Stat(path)
	if err == nil && !fi.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return file{}, err
	}
	return fileOf(fi, now), nil
}

// hashFile returns the file at path as it is now, with the hash of its content.
// If the file is too large, or cannot be read, or is written meanwhile, it is
// without hash.
func hashFile(path string, buf []byte, now time.Time) (file, error) {
	f, err := statFile(path, now)
	if err != nil || f.size > maxHashed {
		return f, err
	}
	if h, ok := hashContent(path, buf); ok {
		if again, err := statFile(path, now); err == nil && f.looks(again) {
			f.hash, f.hashed = h, true
		}
	}
	return f, nil
}

func hashContent(path string, buf []byte) (uint64, bool) {
	in, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer func() { _ = in.Close() }()
	var h maphash.Hash
	h.SetSeed(seed)
	for {
		n, err := in.Read(buf)
		_, _ = h.Write(buf[:n])
		switch {
		case errors.Is(err, io.EOF):
			return h.Sum64(), true
		case err != nil:
			return 0, false
		}
	}
}
