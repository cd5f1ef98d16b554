package metrics

import (
	"unsafe"

	gops "github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/windows"
)

// windowsSystem takes one snapshot of all processes for each listing: asked
// for a single parent, gopsutil takes such a snapshot every time.
type windowsSystem struct {
	gopsutil
	parents map[int]int // of the last listing
}

func newSystem() system { return &windowsSystem{parents: map[int]int{}} }

func (w *windowsSystem) pids(dst []int) []int {
	clear(w.parents)
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return dst
	}
	defer windows.CloseHandle(snapshot) //nolint:errcheck // nothing to do about it
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		pid := int(entry.ProcessID)
		w.parents[pid] = int(entry.ParentProcessID)
		dst = append(dst, pid)
	}
	return dst
}

// kin leaves out a parent that is younger than its child: Windows never clears
// the ID of a parent that has ended, and hands it out again.
func (w *windowsSystem) kin(pid int) (kin, bool) {
	parent, ok := w.parents[pid]
	if !ok {
		return kin{}, false
	}
	child := gops.Process{Pid: int32(pid)}
	older := gops.Process{Pid: int32(parent)}
	born, err := child.CreateTime()
	if err != nil {
		return kin{}, true
	}
	if before, err := older.CreateTime(); err != nil || before > born {
		return kin{}, true
	}
	return kin{parent: parent}, true
}
