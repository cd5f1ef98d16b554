package metrics

// refreshEvery is how many samples pass between two looks at the limits of the
// control groups, which somebody may change at any time but hardly does.
const refreshEvery = 10

// limits is what the control groups of the master, which are also its
// workers', allow. It is for one goroutine.
type limits struct {
	groups []group // from which limits may come, inner ones first
	age    int     // samples since the limits were read

	// quota is how many cores' worth of CPU may be used, 0 if there is no limit.
	quota float64
	// memory is the limit in bytes, 0 if there is none, and memoryGroup the
	// group that sets it.
	memory      int64
	memoryGroup group
}

// group is one control group: it tells its own limits, not those of the groups
// around it. A limit is 0 if there is none.
type group interface {
	cpuQuota() float64
	memoryLimit() int64
	// memoryUsed returns what the processes of the group hold, in bytes,
	// without file pages that the kernel can take back at once. ok is false
	// if it cannot be read.
	memoryUsed() (used int64, ok bool)
}

func newLimits(pid int) *limits {
	return &limits{groups: findGroups(pid), age: refreshEvery}
}

// refresh reads the limits again if they are old. The tightest one counts, as
// a group is bound by all groups around it.
func (l *limits) refresh() {
	if l.age++; l.age <= refreshEvery {
		return
	}
	l.age, l.quota, l.memory, l.memoryGroup = 1, 0, 0, nil
	for _, g := range l.groups {
		if quota := g.cpuQuota(); quota > 0 && (l.quota == 0 || quota < l.quota) {
			l.quota = quota
		}
		if memory := g.memoryLimit(); memory > 0 && (l.memory == 0 || memory < l.memory) {
			l.memory, l.memoryGroup = memory, g
		}
	}
}

// applyMemory returns the figures of the group with the memory limit if that
// is lower than the machine's memory, else those of the machine, as given.
func (l *limits) applyMemory(used, total int64) (groupUsed, groupTotal int64) {
	if l.memory == 0 || total >= 0 && l.memory >= total {
		return used, total
	}
	used, ok := l.memoryGroup.memoryUsed()
	if !ok {
		used = Unknown
	}
	return used, l.memory
}
