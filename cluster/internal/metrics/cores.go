package metrics

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v3/cpu"
)

// coreTime is how long a core was busy and how long it was online, in seconds
// since some fixed time.
type coreTime struct {
	id          int
	busy, total float64
}

// cores turns the cores' counters into percentages. The zero value is ready.
type cores struct {
	state   map[int]*coreState
	history Ring
	began   bool // the first mean is known: gaps are recorded from here on
}

type coreState struct {
	last    coreTime
	history Ring
	began   bool
}

// sample takes one reading and returns the cores of it, sorted, with the mean
// and its history. A core that was not in the reading before has no figure.
func (c *cores) sample(reading []coreTime) (out []Core, mean float64, history []float64) {
	state := make(map[int]*coreState, len(reading))
	out = make([]Core, 0, len(reading))
	sum, known := 0.0, 0
	for _, now := range reading {
		core, usage := c.state[now.id], float64(Unknown)
		if core == nil {
			core = &coreState{}
		} else {
			usage = busyPercent(core.last, now)
		}
		core.last = now
		state[now.id] = core
		if usage >= 0 {
			sum, known = sum+usage, known+1
		}
		record(&core.history, &core.began, usage)
		out = append(out, Core{ID: now.id, CPU: usage, CPUHistory: core.history.Snapshot()})
	}
	c.state = state // cores that went offline are forgotten
	slices.SortFunc(out, func(a, b Core) int { return cmp.Compare(a.ID, b.ID) })

	mean = Unknown
	if known > 0 {
		mean = sum / float64(known)
	}
	record(&c.history, &c.began, mean)
	return out, mean, c.history.Snapshot()
}

// record adds v to a history that starts with the first known value. A later
// gap is kept as Unknown, so that each value stays at its second.
func record(history *Ring, began *bool, v float64) {
	*began = *began || v >= 0
	if *began {
		history.Push(v)
	}
}

// busyPercent compares two readings of one core. Both counters may fall back a
// little (proc(5) says so of iowait), which must not show as a negative.
func busyPercent(before, now coreTime) float64 {
	total := now.total - before.total
	if total <= 0 {
		return Unknown
	}
	return 100 * min(1, max(0, (now.busy-before.busy)/total))
}

// readCoreTimes returns the counters of all cores online, nil if they cannot
// be read. Time waiting for the disk is idle; time that a hypervisor took away
// is busy, as nothing else could run. Linux counts guest time in user already.
func readCoreTimes() []coreTime {
	times, err := cpu.Times(true)
	if err != nil {
		return nil
	}
	out := make([]coreTime, 0, len(times))
	for i, t := range times {
		busy := t.User + t.Nice + t.System + t.Irq + t.Softirq + t.Steal
		out = append(out, coreTime{
			id:    coreID(t.CPU, i),
			busy:  busy,
			total: busy + t.Idle + t.Iowait,
		})
	}
	return out
}

// coreID reads the number in a name such as cpu12.
func coreID(name string, index int) int {
	id, err := strconv.Atoi(strings.TrimPrefix(name, "cpu"))
	if err != nil || id < 0 {
		return index
	}
	return id
}
