package metrics

import (
	"encoding/binary"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// procfs reads /proc. It is for one goroutine: the buffers are shared.
type procfs struct {
	dir  [16 << 10]byte
	stat [1 << 10]byte
}

func newSystem() system { return &procfs{} }

func (fs *procfs) pids(dst []int) []int { return fs.list(dst, "/proc") }

func (fs *procfs) kin(pid int) (kin, bool) {
	st, ok := fs.read("/proc/" + strconv.Itoa(pid) + "/stat")
	return kin{parent: st.parent, group: st.group}, ok
}

func (fs *procfs) process(pid int) (process, bool) {
	st, ok := fs.read("/proc/" + strconv.Itoa(pid) + "/stat")
	if !ok {
		return process{}, false
	}
	cpu, ok := cpuClock(pid)
	if !ok {
		cpu = ticks(st.user + st.system)
	}
	return process{
		started: st.started,
		cpu:     cpu,
		reaped:  ticks(st.childUser + st.childSystem),
		rss:     st.rssPages * int64(os.Getpagesize()),
		threads: st.threads,
		core:    st.core,
	}, true
}

func (fs *procfs) threads(dst []thread, pid int) []thread {
	task := "/proc/" + strconv.Itoa(pid) + "/task"
	var ids [maxThreads]int
	for _, id := range fs.list(ids[:0], task) {
		if st, ok := fs.read(task + "/" + strconv.Itoa(id) + "/stat"); ok {
			dst = append(dst, thread{id: id, cpu: ticks(st.user + st.system), core: st.core})
		}
	}
	return dst
}

// list appends the entries of a directory that are numbers.
func (fs *procfs) list(dst []int, path string) []int {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return dst
	}
	defer unix.Close(fd) //nolint:errcheck // it was only read from
	for {
		n, err := unix.Getdents(fd, fs.dir[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return dst
		}
		dst = appendNumbers(dst, fs.dir[:n])
	}
}

// appendNumbers parses what getdents64(2) returns and appends every name that
// is a positive number.
func appendNumbers(dst []int, entries []byte) []int {
	const lengthAt, nameAt = 16, 19 // in struct linux_dirent64
	for len(entries) > nameAt {
		length := int(binary.NativeEndian.Uint16(entries[lengthAt:]))
		if length <= nameAt || length > len(entries) {
			break
		}
		if n, ok := number(entries[nameAt:length]); ok {
			dst = append(dst, n)
		}
		entries = entries[length:]
	}
	return dst
}

// number reads a positive decimal number that ends with a zero byte.
func number(name []byte) (n int, ok bool) {
	const most = 1 << 30 // pid_max is at most 1<<22 (proc_sys_kernel(5))
	for _, c := range name {
		if c == 0 {
			break
		}
		if c < '0' || c > '9' || n > most/10 {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, n > 0
}

// read reads and parses one stat file.
func (fs *procfs) read(path string) (stat, bool) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return stat{}, false
	}
	defer unix.Close(fd) //nolint:errcheck // it was only read from
	for {
		n, err := unix.Read(fd, fs.stat[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return stat{}, false
		}
		return parseStat(fs.stat[:n])
	}
}

// cpuClock reads the CPU time clock of a process, which counts nanoseconds
// where stat counts ticks of 10 ms. The clock's ID is made of the process ID
// as clock_getcpuclockid(3) does it; any process may be asked.
func cpuClock(pid int) (time.Duration, bool) {
	const scheduler = 2 // CPUCLOCK_SCHED of the kernel's posix-timers.h
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduler), &ts); err != nil {
		return 0, false
	}
	return time.Duration(ts.Nano()), true
}

// ticks converts the unit of times in /proc. It is 1/100 s on every
// architecture that Go runs on, whatever the kernel's own tick is (time(7)).
func ticks(n uint64) time.Duration {
	return time.Duration(n) * (time.Second / 100)
}
