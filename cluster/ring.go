package cluster

// ring is a bounded queue of events. Its items have rising sequence numbers.
type ring struct {
	items    []Event
	head     int // index of the oldest
	maxItems int
	maxBytes int
	bytes    int
	dropped  uint64 // items pushed out so far
}

func size(e Event) int {
	if log, ok := e.Data.(Log); ok {
		return len(log.Line)
	}
	return 0
}

func (r *ring) len() int { return len(r.items) - r.head }

// displaced returns the number of the latest item that another one of n bytes
// pushes out, 0 if there is room for it.
func (r *ring) displaced(n int) (seq uint64) {
	items, bytes := r.len()+1, r.bytes+n
	for _, e := range r.items[r.head:] {
		if items <= r.maxItems && bytes <= r.maxBytes {
			break
		}
		items, bytes, seq = items-1, bytes-size(e), e.Seq
	}
	return seq
}

func (r *ring) push(e Event) {
	r.items = append(r.items, e)
	r.bytes += size(e)
	for r.len() > r.maxItems || r.bytes > r.maxBytes && r.len() > 1 {
		r.bytes -= size(r.items[r.head])
		r.items[r.head] = Event{}
		r.head++
		r.dropped++
	}
	if r.head > len(r.items)/2 && r.head > 64 {
		n := copy(r.items, r.items[r.head:])
		clear(r.items[n:])
		r.items, r.head = r.items[:n], 0
	}
}

// after returns the items with a sequence number above seq.
func (r *ring) after(seq uint64) []Event {
	lo, hi := r.head, len(r.items)
	for lo < hi {
		mid := (lo + hi) / 2
		if r.items[mid].Seq > seq {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return r.items[lo:]
}

// missed returns how many items left the ring before a reader that has had
// (or given up) the first seen of them.
func missed(r *ring, seen uint64) uint64 {
	if r.dropped > seen {
		return r.dropped - seen
	}
	return 0
}
