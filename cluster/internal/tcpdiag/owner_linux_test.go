package tcpdiag

import (
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestByOwner(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	first, second := startWorker(t, l), startWorker(t, l)
	// Clients are taken in the order in which they came.
	for _, w := range []*worker{first, second, first, first} {
		client := dial(t, l, "127.0.0.1", false)
		w.do(t, "accept", "write")
		if _, err := io.CopyN(io.Discard, client, 1000); err != nil {
			t.Fatal(err)
		}
		// The byte back carries the acknowledgement of all that came.
		if _, err := client.Write([]byte{1}); err != nil {
			t.Fatal(err)
		}
		w.do(t, "read")
	}
	const gone = 1<<22 + 1 // above the highest pid (proc_sys_kernel(5), pid_max)
	dial(t, l, "127.0.0.1", false)
	accept(t, l)                   // held by this process, which is no owner
	dial(t, l, "127.0.0.1", false) // held by nobody yet
	var conns []Conn
	eventually(t, "six connections", func() bool {
		conns = listOnce(t, l)
		return len(conns) == 6
	})
	owners := map[int][]int{10: {first.pid}, 20: {gone, second.pid}, 30: {gone}, 40: nil}
	got := withoutRTT(t, ByOwner(conns, owners))
	want := map[int]Summary{
		10: {Conns: 3, BytesIn: 3, BytesOut: 3000},
		20: {Conns: 1, BytesIn: 1, BytesOut: 1000},
		30: {}, 40: {},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	first.do(t, "close")
	owners[50] = []int{os.Getpid()}
	eventually(t, "one less at the first", func() bool {
		conns := listOnce(t, l)
		got := ByOwner(conns, owners)
		return got[10].Conns == 2 && got[20].Conns == 1 && got[50].Conns == 1
	})
}

// withoutRTT checks that who holds a connection has a round-trip time, and
// takes it out.
func withoutRTT(t *testing.T, in map[int]Summary) map[int]Summary {
	t.Helper()
	out := map[int]Summary{}
	for key, s := range in {
		if (s.RTT > 0) != (s.Conns > 0) {
			t.Errorf("owner %d: %d connections, round-trip time %v", key, s.Conns, s.RTT)
		}
		s.RTT = 0
		out[key] = s
	}
	return out
}

func TestSharedBetweenOwnersCountsForTheLowestKey(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	dial(t, l, "127.0.0.1", false)
	accept(t, l)
	me := os.Getpid()
	got := ByOwner(listOnce(t, l), map[int][]int{7: {me}, 3: {me, me}, 9: {me}})
	for key, want := range map[int]int{3: 1, 7: 0, 9: 0} {
		if s, known := got[key]; !known || s.Conns != want {
			t.Errorf("owner %d: %d connections (known: %v), want %d", key, s.Conns, known, want)
		}
	}
}

func TestHolds(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	dial(t, l, "127.0.0.1", false)
	accept(t, l)
	other := startWorker(t, l)
	inode := listOnce(t, l)[0].Inode
	for _, c := range []struct {
		pids []int
		held bool
	}{{[]int{os.Getpid()}, true}, {[]int{other.pid, os.Getpid()}, true}, {[]int{other.pid}, false}, {nil, false}} {
		if held, err := Holds(c.pids, inode); held != c.held || err != nil {
			t.Errorf("of %v one has it: %v (%v), want %v", c.pids, held, err, c.held)
		}
	}
}
