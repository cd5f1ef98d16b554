package proc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// rolePrefix starts the first argument of a test binary that is to play a role.
const rolePrefix = "role:"

// exitOnTerm is what a role that stays exits with when it gets SIGTERM.
const exitOnTerm = 7

func playRole(role string, args []string) (exitCode int) {
	switch role {
	case "exit":
		code, _ := strconv.Atoi(args[0])
		return code
	case "die":
		_ = unix.Kill(os.Getpid(), unix.SignalNum(args[0]))
		return stay("survivor")
	case "stay":
		return stay(args[0])
	case "family":
		return family(args[0])
	case "daemonize":
		return startRole(&syscall.SysProcAttr{Setsid: true}, "stay", args[0])
	case "leave":
		return startRole(nil, "stay", args[0])
	case "filtered":
		return filtered(args[0], args[1])
	case "stray":
		return stray(args[0])
	case "lose":
		return lose(args[0])
	case "master":
		return master()
	case "apart":
		return apart(args[0])
	case "master of strays":
		return masterOf("filtered", "lose", "a")
	case "master of apart":
		return masterOf("apart", "a")
	}
	fmt.Fprintln(os.Stderr, "no such role:", role)
	return 1
}

// stay says its name and pid, and "alive" at every SIGUSR1.
func stay(name string) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, unix.SIGUSR1, unix.SIGTERM)
	fmt.Println(name, os.Getpid())
	for sig := range signals {
		if sig == unix.SIGTERM {
			return exitOnTerm
		}
		fmt.Println("alive")
	}
	return 0
}

// family has a child that leaves its group, and a grandchild that leaves the
// session and whose parent ends. Another child leaves the group and has nothing
// in its environment.
func family(name string) int {
	if startRole(&syscall.SysProcAttr{Setpgid: true}, "stay", name+"-child") != 0 {
		return 1
	}
	bare := exec.Command(selfExe, rolePrefix+"stay", name+"-bare")
	bare.Env, bare.Stdout = []string{}, os.Stdout
	bare.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := bare.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if startRole(nil, "daemonize", name+"-daemon") != 0 {
		return 1
	}
	return stay(name)
}

func startRole(attr *syscall.SysProcAttr, role, arg string) (exitCode int) {
	cmd := exec.Command(selfExe, rolePrefix+role, arg)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = os.Stdout, os.Stderr, attr
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// master has a Spawner with two families, says what its keeper's pid is, and
// replaces neither.
func master() int {
	s, err := NewSpawner(selfExe)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("keeper", keeperPID(s))
	for _, name := range []string{"a", "b"} {
		if _, err := s.Start(Spec{
			Path: selfExe, Args: []string{"test", rolePrefix + "family", name}, Env: os.Environ(),
			Stdout: os.Stdout, Stderr: os.Stderr,
		}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return masterStays(s)
}

// masterStays says at every SIGUSR1 which keeper there is.
func masterStays(s *Spawner) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGUSR1)
	fmt.Println("master", os.Getpid())
	for range signals {
		fmt.Println("keeper", keeperPID(s))
	}
	return 0
}

func keeperPID(s *Spawner) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keeper.pid
}

// filtered goes on in a role with a seccomp filter, as adopted workers have one.
func filtered(role, name string) int {
	runtime.LockOSThread()
	filter := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW}}
	prog := unix.SockFprog{Len: 1, Filter: &filter[0]}
	err := errors.Join(
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0),
	)
	if err == nil {
		err = unix.Exec(selfExe, []string{"test", rolePrefix + role, name}, os.Environ())
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// stray has a child that leaves the session with nothing in its environment.
func stray(name string) int {
	child := exec.Command(selfExe, rolePrefix+"stay", name+"-child")
	child.Env, child.Stdout = []string{}, os.Stdout
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return stay(name)
}

// lose has two grandchildren with nothing in their environment, whose parents
// end. One of them leaves the session.
func lose(name string) int {
	for role, child := range map[string]string{"daemonize": name + "-lost", "leave": name + "-near"} {
		cmd := exec.Command(selfExe, rolePrefix+role, child)
		cmd.Env, cmd.Stdout = []string{}, os.Stdout
		if err := cmd.Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return stay(name)
}

// apart has a child in a session of its own, with nothing in its environment.
func apart(name string) int {
	cmd := exec.Command(selfExe, rolePrefix+"stay", name+"-apart")
	cmd.Env, cmd.Stdout, cmd.SysProcAttr = []string{}, os.Stdout, &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return stay(name)
}

// masterOf has a Spawner with one worker in a role, follows its children, and says
// who it is when its keeper has been told of what has left the worker.
func masterOf(role string, args ...string) int {
	s, err := NewSpawner(selfExe)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("keeper", keeperPID(s))
	p, err := s.Start(Spec{
		Path: selfExe, Args: append([]string{"test", rolePrefix + role}, args...), Env: os.Environ(),
		Stdout: os.Stdout, Stderr: os.Stderr,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	told := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.strays) > 0
	}
	for !told() {
		s.Follow(map[int][]int{p.PID: children(p.PID)})
		runtime.Gosched()
	}
	return masterStays(s)
}

func children(pid int) (all []int) {
	for _, p := range processes() {
		if p.parent == pid {
			all = append(all, p.pid)
		}
	}
	return all
}
