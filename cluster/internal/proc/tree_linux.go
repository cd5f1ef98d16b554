package proc

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// tree names a worker's processes: those of the session or group that pid
// leads, and those with mark in their environment.
type tree struct {
	pid  int // 0 if the pid may have been given to a stranger
	mark string
}

// killTree looks again after sweepPause, then ever later, and gives up when the
// pause would be longer than maxPause, about 2 s in all: what does not die by
// then is stuck in the kernel and dies when it comes back.
const (
	sweepPause = 2 * time.Millisecond
	maxPause   = 400 * time.Millisecond
)

// killTree kills all processes of the trees and returns when none is left. It
// must be called before the leaders are reaped.
func killTree(trees []tree) {
	for _, t := range trees {
		if t.pid != 0 {
			_ = unix.Kill(-t.pid, unix.SIGKILL)
		}
	}
	killed := map[int]bool{}
	for pause := sweepPause; sweep(trees, killed) && pause <= maxPause; pause += pause / 4 {
		time.Sleep(pause)
	}
}

// sweep sends SIGKILL to what it finds, adds it to killed, and says whether it
// found anything. A dying process has no environment any more, but still its
// files and sockets, so those killed before count until they are dead.
func sweep(trees []tree, killed map[int]bool) (found bool) {
	self := os.Getpid()
	for _, p := range processes() {
		if p.dead() || p.pid == self {
			continue
		}
		if killed[p.pid] || belongs(p, trees) {
			found, killed[p.pid] = true, true
			_ = unix.Kill(p.pid, unix.SIGKILL)
		}
	}
	return found
}

func belongs(p stat, trees []tree) bool {
	for _, t := range trees {
		if t.pid != 0 && (p.session == t.pid || p.group == t.pid) {
			return true
		}
	}
	env, err := os.ReadFile("/proc/" + strconv.Itoa(p.pid) + "/environ")
	if err != nil {
		return false // not ours to read, so not ours
	}
	for _, t := range trees {
		if hasMark(env, t.mark) {
			return true
		}
	}
	return false
}

// hasMark says whether an environment block holds mark as a whole entry, or,
// if mark ends in a dot, an entry that starts with it.
func hasMark(env []byte, mark string) bool {
	for kv := range bytes.SplitSeq(env, []byte{0}) {
		if string(kv) == mark {
			return true
		}
		if mark[len(mark)-1] == '.' && bytes.HasPrefix(kv, []byte(mark)) {
			return true
		}
	}
	return false
}
