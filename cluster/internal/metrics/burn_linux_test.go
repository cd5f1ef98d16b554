package metrics

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// roleVar makes the test binary play a worker instead of running the tests.
const roleVar = "METRICS_TEST_ROLE"

func init() {
	// The first thread runs init and main; a burner that pins it must not
	// find itself moved.
	runtime.LockOSThread()
}

func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "":
		runtime.UnlockOSThread()
		os.Exit(m.Run())
	case "parent":
		os.Exit(runParent())
	case "burner":
		os.Exit(runBurner())
	case "short":
		os.Exit(runShort())
	}
}

// runParent is a worker whose child burns in a session, and so a group, of its own.
func runParent() int {
	child := roleCommand("burner")
	child.Stdin, child.Stdout = os.Stdin, os.Stdout
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if err := child.Run(); err != nil {
		return 1
	}
	return 0
}

// runBurner obeys commands on stdin and answers each with one number:
// "burn MS" uses that much CPU, "pinned MS" does so on the last CPU it may use
// and in another thread than the first, which sits on the first CPU, "short N"
// runs N children one after another. All tell the CPU time in nanoseconds that
// it took by the kernel's account.
func runBurner() int {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		verb, arg, _ := strings.Cut(lines.Text(), " ")
		n, _ := strconv.Atoi(arg)
		var took time.Duration
		switch verb {
		case "burn":
			took = burn(unix.RUSAGE_SELF, time.Duration(n)*time.Millisecond)
		case "pinned":
			took = burnPinned(time.Duration(n) * time.Millisecond)
		case "short":
			took = burnInChildren(n)
		}
		fmt.Println(took.Nanoseconds())
	}
	return 0
}

func runShort() int {
	burn(unix.RUSAGE_SELF, 50*time.Millisecond)
	return 0
}

// burn uses CPU until the account of who has grown by d.
func burn(who int, d time.Duration) time.Duration {
	start := accounted(who)
	for {
		if took := accounted(who) - start; took >= d {
			return took
		}
	}
}

func burnPinned(d time.Duration) time.Duration {
	pin(firstAndLastCPU()[0]) // main's goroutine is locked to the first thread
	took := make(chan time.Duration)
	go func() {
		runtime.LockOSThread() // the thread ends with the goroutine
		pin(firstAndLastCPU()[1])
		took <- burn(unix.RUSAGE_THREAD, d)
		<-took // stay alive: a thread that has ended is not to be seen
	}()
	return <-took
}

func burnInChildren(n int) time.Duration {
	start := accounted(unix.RUSAGE_CHILDREN)
	for range n {
		if err := roleCommand("short").Run(); err != nil {
			return -1
		}
	}
	return accounted(unix.RUSAGE_CHILDREN) - start
}

// accounted returns the CPU time that the kernel holds against who.
func accounted(who int) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(who, &u); err != nil {
		return -1
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var allowed = func() (set unix.CPUSet) {
	_ = unix.SchedGetaffinity(0, &set)
	return set
}()

func firstAndLastCPU() (cpus [2]int) {
	cpus[0] = -1
	for cpu := range 64 * len(allowed) {
		if allowed.IsSet(cpu) {
			if cpus[0] < 0 {
				cpus[0] = cpu
			}
			cpus[1] = cpu
		}
	}
	return cpus
}

func pin(cpu int) {
	var set unix.CPUSet
	set.Set(cpu)
	_ = unix.SchedSetaffinity(0, &set)
}

func roleCommand(role string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"="+role)
	return cmd
}

// worker is a process tree that burns CPU on request.
type worker struct {
	t   *testing.T
	pid int
	in  io.Writer
	out *bufio.Scanner
}

// startWorker runs a role until the test ends, some minutes at most.
func startWorker(t *testing.T, role string) *worker {
	t.Helper()
	cmd := roleCommand(role)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.AfterFunc(3*time.Minute, func() { _ = cmd.Process.Kill() })
	t.Cleanup(func() {
		_ = in.Close() // all of them end when their input does
		_ = cmd.Wait()
		deadline.Stop()
	})
	return &worker{t, cmd.Process.Pid, in, bufio.NewScanner(out)}
}

// ask sends a command and returns the CPU time that the worker says it took.
func (w *worker) ask(command string) time.Duration {
	w.t.Helper()
	if _, err := fmt.Fprintln(w.in, command); err != nil {
		w.t.Fatal(err)
	}
	if !w.out.Scan() {
		w.t.Fatalf("no answer to %q: %v", command, w.out.Err())
	}
	n, err := strconv.ParseInt(w.out.Text(), 10, 64)
	if err != nil || n < 0 {
		w.t.Fatalf("answer to %q: %q", command, w.out.Text())
	}
	return time.Duration(n)
}
