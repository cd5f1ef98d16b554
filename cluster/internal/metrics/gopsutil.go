//go:build !linux

package metrics

import (
	"time"

	gops "github.com/shirou/gopsutil/v3/process"
)

// gopsutil reads the figures of one process the portable way.
type gopsutil struct{}

func (gopsutil) process(pid int) (process, bool) {
	p := gops.Process{Pid: int32(pid)}
	times, err := p.Times()
	if err != nil {
		return process{}, false
	}
	out := process{
		cpu:     time.Duration((times.User + times.System) * float64(time.Second)),
		rss:     Unknown,
		threads: Unknown,
		core:    Unknown,
	}
	if created, err := p.CreateTime(); err == nil {
		out.started = uint64(created)
	}
	if memory, err := p.MemoryInfo(); err == nil {
		out.rss = int64(memory.RSS)
	}
	if n, err := p.NumThreads(); err == nil {
		out.threads = int(n)
	}
	return out, true
}

// threads returns none: no call of these systems tells a thread's core cheaply.
func (gopsutil) threads(dst []thread, _ int) []thread { return dst }
