package proc

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// KeeperArg is not used here: a job object does the keeper's work.
const KeeperArg = "gcl-tui:keeper"

// RunKeeper does nothing here.
func RunKeeper(string) {}

type sysProcess struct{ proc *os.Process }

// Spawner starts processes in a job object, whose processes Windows ends when
// the master does.
type Spawner struct {
	job windows.Handle

	mu      sync.Mutex
	started map[int]*Process
}

// NewSpawner returns a Spawner. The executable is not used here.
func NewSpawner(string) (*Spawner, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("create a job object: %w", err)
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		_ = windows.CloseHandle(job)
		return nil, fmt.Errorf("limit the job object: %w", err)
	}
	return &Spawner{job: job, started: map[int]*Process{}}, nil
}

// Mark returns nothing here, where processes are not found by their environment.
func (s *Spawner) Mark() string { return "" }

// Follow does nothing here: a job object loses nothing.
func (s *Spawner) Follow(map[int][]int) {}

// Start starts a process. The caller closes its own copies of the spec's files.
func (s *Spawner) Start(spec Spec) (*Process, error) {
	p, err := os.StartProcess(spec.Path, spec.Args, &os.ProcAttr{
		Dir:   spec.Dir,
		Env:   spec.Env,
		Files: append([]*os.File{nil, spec.Stdout, spec.Stderr}, spec.Extra...),
		Sys:   &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP},
	})
	if err != nil {
		return nil, err
	}
	if err := s.assign(p.Pid); err != nil {
		_ = p.Kill()
		return nil, err
	}
	out := &Process{PID: p.Pid, exited: make(chan struct{}), gone: make(chan struct{}), sys: sysProcess{p}}
	s.mu.Lock()
	s.started[p.Pid] = out
	s.mu.Unlock()
	go s.wait(out)
	return out, nil
}

func (s *Spawner) assign(pid int) error {
	h, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return fmt.Errorf("open process %d: %w", pid, err)
	}
	defer func() { _ = windows.CloseHandle(h) }()
	if err := windows.AssignProcessToJobObject(s.job, h); err != nil {
		return fmt.Errorf("put process %d into the job: %w", pid, err)
	}
	return nil
}

func (s *Spawner) wait(p *Process) {
	state, err := p.sys.proc.Wait()
	p.exit = Exit{Code: -1, Time: time.Now()}
	if err == nil {
		p.exit.Code = state.ExitCode()
	}
	close(p.exited)
	s.mu.Lock()
	delete(s.started, p.PID)
	s.mu.Unlock()
	close(p.gone)
}

// ParseSignal accepts TERM, INT and KILL; the first two are sent as CTRL_BREAK.
func ParseSignal(name string) (syscall.Signal, error) {
	switch strings.TrimPrefix(strings.ToUpper(name), "SIG") {
	case "TERM":
		return syscall.SIGTERM, nil
	case "INT":
		return syscall.SIGINT, nil
	case "KILL":
		return syscall.SIGKILL, nil
	}
	return 0, fmt.Errorf("%q is not a signal of this system (try TERM)", name)
}

// Signal sends CTRL_BREAK to p's group, or ends p for KILL.
func (p *Process) Signal(sig string) error {
	n, err := ParseSignal(sig)
	if err != nil {
		return err
	}
	if n == syscall.SIGKILL {
		return p.Kill()
	}
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(p.PID))
}

// Kill ends p at once.
func (p *Process) Kill() error {
	if err := p.sys.proc.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Close ends the job and with it all that still runs.
func (s *Spawner) Close() {
	_ = windows.CloseHandle(s.job)
	s.mu.Lock()
	var left []*Process
	for _, p := range s.started {
		left = append(left, p)
	}
	s.mu.Unlock()
	for _, p := range left {
		<-p.Gone()
	}
}
