package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc/PID/stat: USER_HZ, 100 a second on
// every system that Go runs on.
const tick = 10 * time.Millisecond

// cpuTime returns the CPU time that a process has used, in user and system mode,
// fields 14 and 15 of proc_pid_stat(5).
func cpuTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second field, the name in brackets, may hold spaces.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	var user, system int64
	if _, err := fmt.Sscan(string(fields[11])+" "+string(fields[12]), &user, &system); err != nil {
		return 0, fmt.Errorf("read the CPU time of process %d: %w", pid, err)
	}
	return time.Duration(user+system) * tick, nil
}

// usage is what a process has in memory, in bytes.
type usage struct{ resident, peak, anonymous, file int64 }

// memoryOf reads proc_pid_status(5).
func memoryOf(pid int) (usage, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, err
	}
	var u usage
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		into := map[string]*int64{"VmRSS": &u.resident, "VmHWM": &u.peak, "RssAnon": &u.anonymous, "RssFile": &u.file}[name]
		if into == nil {
			continue
		}
		if _, err := fmt.Sscanf(strings.TrimSpace(value), "%d kB", into); err != nil {
			return usage{}, fmt.Errorf("read the memory of process %d: %w", pid, err)
		}
		*into <<= 10
	}
	return u, nil
}

// resetPeak makes the peak of a process's memory what it has now, as writing 5
// to clear_refs does (proc_pid_clear_refs(5)).
func resetPeak(pid int) error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
}

// descriptors counts the open descriptors of a process.
func descriptors(pid int) (int, error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(open), err
}
