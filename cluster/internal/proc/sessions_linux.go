package proc

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
