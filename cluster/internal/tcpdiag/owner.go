package tcpdiag

import (
	"maps"
	"slices"
)

// descriptor is a socket that a process has open.
type descriptor struct {
	pid, fd int
	inode   uint32
}

// ByOwner adds up connections by who holds them. owners maps a key of the
// caller's choice to the pids that count for it, for a worker its whole process
// tree. A connection that none of them holds, because it waits to be accepted
// or someone else has it, is in no Summary; one that several owners hold counts
// for the lowest key.
//
// Every owner has a Summary, of zeros if it holds nothing or is gone, unless the
// descriptors of one of its processes may not be looked at: then what it holds
// is not known, and its key is missing. On systems other than Linux all are.
func ByOwner(conns []Conn, owners map[int][]int) map[int]Summary {
	open := make(map[uint32]bool, len(conns))
	for _, c := range conns {
		if c.Inode != 0 {
			open[c.Inode] = true
		}
	}
	var fds descriptors
	var known []int
	ownerOf := make(map[uint32]int, len(open))
	for _, key := range slices.Sorted(maps.Keys(owners)) {
		claim := func(s descriptor) (enough bool) {
			if _, taken := ownerOf[s.inode]; open[s.inode] && !taken {
				ownerOf[s.inode] = key
			}
			return false
		}
		if fds.socketsOfAll(owners[key], claim) == nil {
			known = append(known, key)
		}
	}
	return summarize(conns, ownerOf, known)
}

// Holds says whether one of the processes has the socket with that inode open.
// It fails if the descriptors of one that might have it may not be looked at,
// and on systems other than Linux.
func Holds(pids []int, inode uint32) (held bool, err error) {
	var fds descriptors
	err = fds.socketsOfAll(pids, func(s descriptor) (enough bool) {
		held = held || s.inode == inode
		return held
	})
	return held, err
}
