package adopt

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// controlFD is where a shim finds its socket to the master.
const controlFD = 3

// RunShim is the shim's life: args are the path to execute and its arguments,
// with the program's own name first. It returns only if the program cannot be
// executed; the master has been told why then.
//
// Three forms: "adopt" installs the filter; "env" passes on the listening
// socket at descriptor 4 as descriptor 3; "plain" does neither.
func RunShim(args []string) {
	runtime.LockOSThread() // the filter and the parent-death signal belong to the thread
	if len(args) < 3 {
		return
	}
	if args[0] == modeRegister {
		if err := registrar(args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if args[0] == modeBind {
		os.Exit(binder(args[1:]))
	}
	mode, path, argv := args[0], args[1], args[2:]
	unix.CloseOnExec(controlFD)
	// The signal that proc asked for belongs to the thread that it was set on,
	// which need not be the one that executes the program.
	_ = unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	env := os.Environ()
	control := controlFD
	switch mode {
	case modeAdopt, modeProbe:
		if err := installFilter(); err != nil {
			tell(control, failedFilter, err)
			os.Exit(1)
		}
	case modeEnv:
		env, control = passListener(env)
	}
	if mode == modeProbe {
		os.Exit(bindOnce())
	}
	scheduleAsBatch()
	keepInstances()
	err := unix.Exec(path, argv, env)
	tell(control, failedExec, err)
	os.Exit(127)
}

// keepInstances keeps the master's epoll instances from the program. One that is
// open without close-on-exec, as that of a library that reads the terminal, would be
// shared with every worker. Other descriptors may be meant for it, by whoever has
// started the master.
func keepInstances() {
	const dir = "/proc/self/fd/"
	all, _ := os.ReadDir(dir)
	for _, f := range all {
		if to, _ := os.Readlink(dir + f.Name()); to != eventPoll {
			continue
		}
		if fd, err := strconv.Atoi(f.Name()); err == nil {
			unix.CloseOnExec(fd)
		}
	}
}

// The shim's forms.
const (
	modeAdopt = "adopt"
	modeEnv   = "env"
	modePlain = "plain"
	modeProbe = "probe"

	modeRegister = "register"
	modeBind     = "bind"
)

// What the shim says when it fails, followed by the errno as a number.
const (
	failedFilter = 'F'
	failedExec   = 'X'
)

func tell(control int, what byte, err error) {
	var errno unix.Errno
	errors.As(err, &errno)
	_, _ = unix.Write(control, append([]byte{what}, strconv.Itoa(int(errno))...))
}

// installFilter stops this thread's calls that bindFilter names, and those of all
// that it executes or forks, and sends the notification descriptor to the master.
func installFilter() error {
	// Needed without CAP_SYS_ADMIN, seccomp(2).
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	filter := bindFilter()
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	fd, err := seccompFilter(&prog, baseFlags|unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
	if errors.Is(err, unix.EINVAL) { // before Linux 5.19
		fd, err = seccompFilter(&prog, baseFlags)
	}
	if err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	rights := unix.UnixRights(fd)
	if err := unix.Sendmsg(controlFD, []byte{'N'}, rights, nil, 0); err != nil {
		return fmt.Errorf("send the notification descriptor: %w", err)
	}
	return unix.Close(fd)
}

// SPEC_ALLOW keeps kernels before 5.16 from slowing the program down with
// mitigations that a filter like this does not need.
const baseFlags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW

func seccompFilter(prog *unix.SockFprog, flags uintptr) (int, error) {
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags,
		uintptr(unsafe.Pointer(prog)))
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}

// bindFilter is the classic-BPF program over struct seccomp_data (nr at 0,
// arch at 4, the lower halves of the arguments from 16 on, 8 apart). Calls of
// another architecture have other numbers and pass. It stops bind, listen, and the
// removal of a file by its path: not that of a directory, nor of a file in a
// directory that is open, by which trees are removed.
func bindFilter() []unix.SockFilter {
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	equal := func(k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jt: yes, Jf: no}
	}
	ret := func(k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}
	}
	return []unix.SockFilter{
		load(4),
		equal(auditArch, 0, 9),
		load(0),
		equal(unix.SYS_BIND, 8, 0),
		equal(unix.SYS_LISTEN, 7, 0),
		equal(sysUnlink, 6, 0),
		equal(unix.SYS_UNLINKAT, 0, 4),
		load(16),
		equal(atFDCWD, 0, 2),
		load(32),
		equal(0, 1, 0),
		ret(unix.SECCOMP_RET_ALLOW),
		ret(unix.SECCOMP_RET_USER_NOTIF),
	}
}

// atFDCWD is AT_FDCWD as an argument.
const atFDCWD = 1<<32 + unix.AT_FDCWD

// bindOnce makes the two calls that a probe is to see answered.
func bindOnce() (exitCode int) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return 1
	}
	if unix.Bind(fd, &unix.SockaddrInet4{Port: probePort}) != nil || unix.Listen(fd, 1) != nil {
		return 1
	}
	return 0
}

// probePort is never bound: the master answers the probe's bind with port 0.
const probePort = 1

// passListener moves the socket at descriptor 4 to 3, where sd_listen_fds(3)
// wants it, and returns the environment that says so and where control is.
func passListener(env []string) ([]string, int) {
	control, err := unix.FcntlInt(controlFD, unix.F_DUPFD_CLOEXEC, 10)
	if err != nil {
		return env, controlFD
	}
	if unix.Dup3(controlFD+1, controlFD, 0) != nil || unix.Close(controlFD+1) != nil {
		return env, control
	}
	env = slices.DeleteFunc(env, func(kv string) bool { // meant for somebody else
		return strings.HasPrefix(kv, "LISTEN_FD") || strings.HasPrefix(kv, "LISTEN_PID=")
	})
	return append(env, "LISTEN_FDS=1", "LISTEN_FDNAMES=http", "LISTEN_PID="+strconv.Itoa(os.Getpid())), control
}
