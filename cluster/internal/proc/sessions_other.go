//go:build !linux

package proc

// Sessions returns each of the given processes by itself: the others of its
// session cannot be told here.
func Sessions(leaders []int) map[int][]int {
	members := map[int][]int{}
	for _, pid := range leaders {
		members[pid] = []int{pid}
	}
	return members
}

// Descendants returns none: they cannot be told here.
func Descendants() []int { return nil }
