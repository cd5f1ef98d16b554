package metrics

import "time"

// system is what the operating system knows of processes. Each platform has
// one; tests have one of their own.
type system interface {
	// pids appends the IDs of all processes to dst.
	pids(dst []int) []int
	// kin tells where a process belongs. ok is false if it is gone.
	kin(pid int) (k kin, ok bool)
	// process reads the figures of one process. ok is false if it is gone.
	process(pid int) (p process, ok bool)
	// threads appends the threads of one process to dst, none where the
	// system does not tell which core they ran on.
	threads(dst []thread, pid int) []thread
}

// kin is a process's place among the others.
type kin struct {
	parent int
	group  int // process group, 0 where there are none
}

// process is one process at one moment.
type process struct {
	// started tells two processes with one ID apart. Its unit is the system's own.
	started uint64
	cpu     time.Duration // user and system time of all its threads so far
	reaped  time.Duration // the same of all descendants that were waited for
	rss     int64         // bytes, Unknown if it cannot be read
	threads int           // Unknown if it cannot be read
	core    int           // that its first thread last ran on, Unknown if it cannot be read
}

// thread is one thread at one moment.
type thread struct {
	id   int
	cpu  time.Duration // user and system time so far
	core int           // that it last ran on
}
