package tcpdiag

import (
	"encoding/binary"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSocketInode(t *testing.T) {
	for link, want := range map[string]uint32{
		"socket:[1]":          1,
		"socket:[4294967295]": 4294967295,
		"socket:[4294967296]": 0,
		"socket:[]":           0,
		"socket:[-1]":         0,
		"socket:[12":          0,
		"socket:[12] ":        0,
		"pipe:[12]":           0,
		"anon_inode:[12]":     0,
		"/tmp/socket:[12]":    0,
		"":                    0,
	} {
		inode, ok := socketInode([]byte(link))
		if ok != (want != 0) || ok && inode != want {
			t.Errorf("%q: %d, %v, want %d", link, inode, ok, want)
		}
	}
}

// direntries builds what getdents64 returns.
func direntries(names ...string) (out []byte) {
	for _, name := range names {
		entry := make([]byte, (19+len(name)+1+7)&^7)
		binary.NativeEndian.PutUint16(entry[16:], uint16(len(entry)))
		copy(entry[19:], name)
		out = append(out, entry...)
	}
	return out
}

func collect(entries []byte) (names []string) {
	for name := range entryNames(entries) {
		names = append(names, string(name))
	}
	return names
}

func TestEntryNames(t *testing.T) {
	all := []string{".", "..", "0", "10", "123456789"}
	whole := direntries(all...)
	if got := collect(whole); !slices.Equal(got, all) {
		t.Errorf("got %q, want %q", got, all)
	}
	if got := collect(whole[:len(whole)-1]); !slices.Equal(got, all[:4]) {
		t.Errorf("cut: got %q, want %q", got, all[:4])
	}
	if got := collect(direntries("1", "", "2")); !slices.Equal(got, []string{"1"}) {
		t.Errorf("entry without a name: got %q", got)
	}
}

func FuzzEntryNames(f *testing.F) {
	f.Add(direntries(".", "..", "0", "4096"))
	f.Fuzz(func(t *testing.T, entries []byte) {
		total := 0
		for name := range entryNames(entries) {
			if len(name) == 0 {
				t.Error("an empty name")
			}
			total += len(name)
		}
		if total > len(entries) {
			t.Errorf("%d bytes of names in %d", total, len(entries))
		}
	})
}

// TestUnreadableDescriptorsMakeAnOwnerUnknown looks at this process while it may
// open nothing more, the directory of its descriptors included.
func TestUnreadableDescriptorsMakeAnOwnerUnknown(t *testing.T) {
	owners := map[int][]int{1: {os.Getpid()}, 2: nil}
	if got := ByOwner(nil, owners); len(got) != 2 {
		t.Fatalf("known: %v, want both", got)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	none := unix.Rlimit{Max: limit.Max}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	got := ByOwner(nil, owners)
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if _, known := got[2]; !known || len(got) != 1 {
		t.Errorf("known: %v, want owner 2 only", got)
	}
}
