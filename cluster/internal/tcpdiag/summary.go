package tcpdiag

import (
	"slices"
	"time"
)

// Summary adds up the connections of one owner.
type Summary struct {
	// Conns is the number of connections; the subflows of an MPTCP connection
	// are one.
	Conns int
	// BytesIn and BytesOut are the sums over the connections that are open
	// now: they fall when one closes.
	BytesIn, BytesOut uint64
	// RTT is the median of those that were measured, 0 if none was.
	RTT time.Duration
}

// tally is a Summary in the making.
type tally struct {
	inodes            map[uint32]struct{}
	bytesIn, bytesOut uint64
	rtts              []time.Duration
}

func (t *tally) add(c Conn) {
	t.inodes[c.Inode] = struct{}{}
	t.bytesIn += c.BytesIn
	t.bytesOut += c.BytesOut
	if c.RTT > 0 {
		t.rtts = append(t.rtts, c.RTT)
	}
}

func (t *tally) summary() Summary {
	return Summary{
		Conns:    len(t.inodes),
		BytesIn:  t.bytesIn,
		BytesOut: t.bytesOut,
		RTT:      median(t.rtts),
	}
}

// median sorts d. Of an even number it returns the mean of the middle two.
func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	mid := len(d) / 2
	if len(d)%2 == 1 {
		return d[mid]
	}
	return (d[mid-1] + d[mid]) / 2
}

// summarize adds up connections by the owner of their socket. Each key of known
// gets a Summary.
func summarize(conns []Conn, ownerOf map[uint32]int, known []int) map[int]Summary {
	tallies := make(map[int]*tally, len(known))
	for _, key := range known {
		tallies[key] = &tally{inodes: map[uint32]struct{}{}}
	}
	for _, c := range conns {
		key, owned := ownerOf[c.Inode]
		if !owned {
			continue
		}
		if t := tallies[key]; t != nil {
			t.add(c)
		}
	}
	out := make(map[int]Summary, len(known))
	for key, t := range tallies {
		out[key] = t.summary()
	}
	return out
}
