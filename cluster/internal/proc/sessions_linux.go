package proc

import "os"

// Sessions returns the processes of the sessions that the given processes
// lead, by leader.
func Sessions(leaders []int) map[int][]int {
	members := map[int][]int{}
	for _, pid := range leaders {
		members[pid] = nil
	}
	for _, p := range processes() {
		if _, ours := members[p.session]; ours {
			members[p.session] = append(members[p.session], p.pid)
		}
	}
	return members
}

// Descendants returns the processes that this one has started, that those have
// started, and so on. What outlives its parent, of what a [Spawner] started,
// counts as started by this process (prctl(2), PR_SET_CHILD_SUBREAPER).
func Descendants() []int {
	children := map[int][]int{}
	for _, p := range processes() {
		children[p.parent] = append(children[p.parent], p.pid)
	}
	found := children[os.Getpid()]
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}
