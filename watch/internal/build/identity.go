package build

import (
	"bytes"
	"debug/elf"
	"io"
	"slices"
)

// gap is a part of a file: from begin up to end.
type gap struct{ begin, end int64 }

// identities returns where a linked program says of which inputs it was made,
// none if that is not known of its format.
func identities(f io.ReaderAt) (gaps []gap) {
	if file, err := elf.NewFile(f); err == nil {
		for _, s := range file.Sections {
			if s.Name == ".note.go.buildid" || s.Name == ".note.gnu.build-id" {
				gaps = append(gaps, gap{int64(s.Offset), int64(s.Offset + s.FileSize)})
			}
		}
		slices.SortFunc(gaps, func(a, b gap) int { return int(a.begin - b.begin) })
		return gaps
	}
	return textIdentity(f)
}

// textIdentity finds the build ID at the beginning of the code, where Go puts
// it in formats without notes (cmd/internal/buildid).
func textIdentity(f io.ReaderAt) []gap {
	head := make([]byte, 64<<10)
	n, _ := f.ReadAt(head, 0) // what could be read is searched
	begin := bytes.Index(head[:n], []byte("\xff Go build ID: \""))
	if begin < 0 {
		return nil
	}
	length := bytes.Index(head[begin:n], []byte("\"\n \xff"))
	if length < 0 {
		return nil
	}
	return []gap{{int64(begin), int64(begin + length)}}
}

// masked reads r with zeros in the gaps, which are sorted.
type masked struct {
	r    io.Reader
	at   int64
	gaps []gap
}

func (m *masked) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	for _, g := range m.gaps {
		begin, end := max(g.begin-m.at, 0), min(g.end-m.at, int64(n))
		if begin < end {
			clear(p[begin:end])
		}
	}
	m.at += int64(n)
	return n, err
}
