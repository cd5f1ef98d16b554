//go:build unix

package proc

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

type sysProcess struct {
	mark string

	mu     sync.Mutex
	reaped bool // the pid may be a stranger's
}

// Spawner starts processes. Close it when all of them are gone.
type Spawner struct {
	mark string
	work chan func()
	null *os.File

	mu      sync.Mutex
	serial  int
	closed  bool
	started map[int]*Process     // not reaped yet, by pid
	left    map[int]map[int]bool // sessions of what has left those of started, by the same pid
	strays  map[int]bool         // sessions that the keeper was told of besides
	keeper  *keeper

	stopReaper, stopStrays func()
}

// NewSpawner returns a Spawner that has its thread and its keeper. exe is the
// executable to run as the keeper; it must call RunKeeper for KeeperArg.
func NewSpawner(exe string) (*Spawner, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	s := &Spawner{
		mark:    rand.Text(),
		work:    make(chan func()),
		null:    null,
		started: map[int]*Process{},
		left:    map[int]map[int]bool{},
	}
	go s.thread()
	s.stopReaper = reapOrphans()
	if s.keeper, err = s.startKeeper(exe); err != nil {
		s.Close()
		return nil, fmt.Errorf("start the keeper: %w", err)
	}
	s.stopStrays = s.followStrays()
	return s, nil
}

// Mark returns an entry for the environment of what the Spawner does not start
// but is to be gone with it: such processes are killed when it is closed, or when
// the master has died.
func (s *Spawner) Mark() string { return fmt.Sprintf("%s=%s.0", MarkVar, s.mark) }

// thread runs what forks. The goroutine stays locked when it returns, so its
// thread ends with it.
func (s *Spawner) thread() {
	runtime.LockOSThread()
	for f := range s.work {
		f()
	}
}

// Start starts a process. The caller closes its own copies of the spec's files.
// After Close it returns os.ErrClosed.
func (s *Spawner) Start(spec Spec) (*Process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, fmt.Errorf("start %s: %w", spec.Path, os.ErrClosed)
	}
	s.serial++
	mark := fmt.Sprintf("%s=%s.%d", MarkVar, s.mark, s.serial)
	p, err := s.fork(spec, mark)
	if err != nil {
		return nil, err
	}
	s.started[p.PID] = p
	s.keeper.add(p.PID)
	go s.wait(p)
	return p, nil
}

// fork starts spec on the locked thread.
func (s *Spawner) fork(spec Spec, mark string) (*Process, error) {
	files := []uintptr{s.null.Fd(), s.null.Fd(), s.null.Fd()}
	if spec.Stdout != nil {
		files[1] = spec.Stdout.Fd()
	}
	if spec.Stderr != nil {
		files[2] = spec.Stderr.Fd()
	}
	for _, f := range spec.Extra {
		files = append(files, f.Fd())
	}
	env := append(withoutMark(spec.Env), mark)
	attr := &syscall.ProcAttr{Dir: spec.Dir, Env: env, Files: files, Sys: sysProcAttr()}
	pid, err := waited.fork(func() (pid int, err error) {
		done := make(chan struct{})
		s.work <- func() {
			defer close(done)
			pid, err = syscall.ForkExec(spec.Path, spec.Args, attr)
		}
		<-done
		return pid, err
	})
	runtime.KeepAlive(spec)
	if err != nil {
		return nil, &os.PathError{Op: "exec", Path: spec.Path, Err: err}
	}
	return &Process{
		PID:    pid,
		exited: make(chan struct{}),
		gone:   make(chan struct{}),
		sys:    sysProcess{mark: mark},
	}, nil
}

func withoutMark(env []string) []string {
	out := make([]string, 0, len(env)+1)
	for _, kv := range env {
		if !strings.HasPrefix(kv, MarkVar+"=") {
			out = append(out, kv)
		}
	}
	return out
}

// wait reports p's exit, kills what is left of it, and reaps it.
func (s *Spawner) wait(p *Process) {
	exit, err := awaitExit(p.PID)
	if err != nil {
		exit = Exit{Code: -1, Signal: "unknown (" + err.Error() + ")"}
	}
	p.exit = exit
	close(p.exited)
	killTree(s.trees(p))
	s.mu.Lock()
	// The keeper must not hear of it later than a stranger may have the pid.
	s.keeper.remove(p.PID)
	delete(s.started, p.PID)
	delete(s.left, p.PID)
	p.sys.reap(p.PID)
	s.mu.Unlock()
	close(p.gone)
}

func (p *sysProcess) reap(pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	waited.reap(pid)
	p.reaped = true
}

// Signal sends sig, a name such as "TERM", to all processes of p's group. Once
// p is gone it does nothing.
func (p *Process) Signal(sig string) error {
	n, err := ParseSignal(sig)
	if err != nil {
		return err
	}
	p.sys.mu.Lock()
	defer p.sys.mu.Unlock()
	if p.sys.reaped {
		return nil
	}
	if err := unix.Kill(-p.PID, n); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("send %s to process group %d: %w", sig, p.PID, err)
	}
	return nil
}

// ParseSignal returns the signal with a name such as "TERM" or "SIGTERM".
func ParseSignal(name string) (syscall.Signal, error) {
	full := strings.ToUpper(name)
	if !strings.HasPrefix(full, "SIG") {
		full = "SIG" + full
	}
	if n := unix.SignalNum(full); n != 0 {
		return n, nil
	}
	return 0, fmt.Errorf("%q is not a signal of this system (try TERM, INT or QUIT)", name)
}

// Kill ends p with SIGKILL; what it started is killed once it has ended.
func (p *Process) Kill() error { return p.Signal("KILL") }

// Close ends the keeper and the thread. Processes still running are killed.
func (s *Spawner) Close() {
	s.mu.Lock()
	s.closed = true
	var left []*Process
	for _, p := range s.started {
		left = append(left, p)
	}
	s.mu.Unlock()
	for _, p := range left {
		_ = p.Kill()
		<-p.Gone()
	}
	if s.keeper != nil {
		s.stopStrays()
		s.closeKeeper(s.keeper)
	}
	s.stopReaper()
	close(s.work)
	_ = s.null.Close()
}
