package metrics

// kinship keeps track of which processes belong to which root. To do so it
// looks at each process of the machine only once: one that is in no tree when
// it is first seen can never get into one, because an orphan is handed to an
// ancestor of its own or to init.
type kinship struct {
	sys system
	// roots holds every root asked for, ended ones included. The value is
	// scratch space of setRoots.
	roots map[int]bool
	// root maps every process in a tree to the root of that tree.
	root map[int]int
	// listed maps every process of the machine to the listing that it was
	// last in. Process IDs are handed out in a cycle of at least 32,768, so
	// one is not used again between two listings.
	listed  map[int]uint32
	listing uint32

	pids []int // scratch space
	kin  map[int]kin
}

func newKinship(sys system) *kinship {
	return &kinship{
		sys:    sys,
		roots:  map[int]bool{},
		root:   map[int]int{},
		listed: map[int]uint32{},
		kin:    map[int]kin{},
	}
}

// update lists all processes and files those that are new under their root. It
// calls found for each process that joins a tree, born being true if it did not
// exist at the update before.
func (k *kinship) update(roots []int, found func(pid, root int, born bool)) {
	newRoots := k.setRoots(roots, found)
	k.listing++
	k.pids = k.sys.pids(k.pids[:0])
	clear(k.kin)
	for _, pid := range k.pids {
		_, old := k.listed[pid]
		if _, filed := k.root[pid]; filed || old && !newRoots {
			continue
		}
		if kin, ok := k.sys.kin(pid); ok {
			k.kin[pid] = kin
		}
	}
	for pid := range k.kin {
		if root, ok := k.climb(pid); ok {
			_, old := k.listed[pid]
			k.root[pid] = root
			found(pid, root, !old)
		}
	}
	k.markListed()
}

// setRoots takes over the roots. It reports whether some are new: then their
// children may be among the processes that were looked at before.
func (k *kinship) setRoots(roots []int, found func(pid, root int, born bool)) (grown bool) {
	for root := range k.roots {
		k.roots[root] = false
	}
	for _, root := range roots {
		if _, had := k.roots[root]; !had {
			grown = true
			k.root[root] = root
			found(root, root, false)
		}
		k.roots[root] = true
	}
	for root, wanted := range k.roots {
		if !wanted {
			delete(k.roots, root)
			k.dropTree(root)
		}
	}
	return grown
}

// climb follows the parents of a process that is in no tree yet until one is
// in a tree. A process whose group is a root's belongs to that root even if
// all between them have ended: only processes of the tree could put it there.
func (k *kinship) climb(pid int) (root int, ok bool) {
	// The table is not read at one instant, so a loop cannot be ruled out.
	for range len(k.kin) + 1 {
		if root, ok := k.root[pid]; ok {
			return root, true
		}
		kin, ok := k.kin[pid]
		if !ok {
			return 0, false
		}
		if root, ok := k.root[kin.group]; ok && root == kin.group {
			return root, true
		}
		pid = kin.parent
	}
	return 0, false
}

func (k *kinship) markListed() {
	for _, pid := range k.pids {
		k.listed[pid] = k.listing
	}
	for pid, listing := range k.listed {
		if listing != k.listing {
			delete(k.listed, pid)
		}
	}
}

// drop forgets a process that has ended.
func (k *kinship) drop(pid int) {
	delete(k.root, pid)
	delete(k.listed, pid)
}

// dropTree forgets every process under a root. A root that has ended stays
// empty until it is no longer asked for.
func (k *kinship) dropTree(root int) {
	for pid, r := range k.root {
		if r == root {
			delete(k.root, pid)
		}
	}
}
