package proc

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// A stray has come here from a worker, and nothing tells it from a stranger: it
// has left the session, and has no mark in its environment. That may be empty, or
// be written over with the process's title, as by nginx's. It has a worker's
// seccomp filter, which cannot be put off, and which nothing has that the host
// program starts.

// straySessions returns the sessions that strays are in.
func straySessions() map[int]bool {
	waited.mu.Lock()
	defer waited.mu.Unlock()
	sessions := map[int]bool{}
	for _, p := range waited.strays(fostered()) {
		sessions[p.session] = true
	}
	return sessions
}

// killStrays kills all strays, and those that come here when these have died.
func killStrays() {
	for pause := sweepPause; waited.killStrays() && pause <= maxPause; pause += pause / 4 {
		time.Sleep(pause)
	}
}

// killStrays goes over the strays once, and says whether it found any. Those
// that are dead are reaped, and their children come here in turn.
func (w *waitedSet) killStrays() (found bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.strays(processes()) {
		found = true
		_ = unix.Kill(p.pid, unix.SIGKILL)
		_, _ = unix.Wait4(p.pid, nil, unix.WNOHANG, nil)
	}
	return found
}

// strays returns the strays among some processes. The set's lock is held.
func (w *waitedSet) strays(among []stat) []stat {
	session, err := unix.Getsid(0)
	if err != nil {
		return nil
	}
	var strays []stat
	self := os.Getpid()
	for _, p := range among {
		if p.parent != self || w.pids[p.pid] || p.session == session || w.pids[p.session] {
			continue
		}
		if filters(strconv.Itoa(p.pid)) > filters("self") {
			strays = append(strays, p)
		}
	}
	return strays
}

// fostered returns the children that have come to this process, as orphans do to
// its first thread: one file says which (proc_tid_children(5)), while to look for
// them among all processes would cost more than all else that an idle master does.
func fostered() []stat {
	self := strconv.Itoa(os.Getpid())
	pids, err := os.ReadFile("/proc/self/task/" + self + "/children")
	if err != nil {
		return nil // the kernel is built without
	}
	var all []stat
	for pid := range bytes.FieldsSeq(pids) {
		if p, ok := readStat(string(pid)); ok {
			all = append(all, p)
		}
	}
	return all
}

// filters returns how many seccomp filters a process has, proc_pid_status(5).
func filters(pid string) int {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(status, []byte("\nSeccomp_filters:"))
	line, _, _ := bytes.Cut(after, []byte("\n"))
	n, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return n
}
