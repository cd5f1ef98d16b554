//go:build unix && !linux

package metrics

import (
	gops "github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/unix"
)

// unixSystem asks gopsutil. A macOS build without cgo pays for it dearly: there
// gopsutil runs ps for each figure.
type unixSystem struct{ gopsutil }

func newSystem() system { return unixSystem{} }

func (unixSystem) pids(dst []int) []int {
	all, err := gops.Pids()
	if err != nil {
		return dst
	}
	for _, pid := range all {
		dst = append(dst, int(pid))
	}
	return dst
}

func (unixSystem) kin(pid int) (kin, bool) {
	p := gops.Process{Pid: int32(pid)}
	parent, err := p.Ppid()
	if err != nil {
		return kin{}, false
	}
	group, err := unix.Getpgid(pid)
	if err != nil {
		group = 0
	}
	return kin{parent: int(parent), group: group}, true
}
