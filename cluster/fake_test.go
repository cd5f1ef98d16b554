package cluster

import (
	"slices"
	"sync"

	"gcl-tui/cluster/internal/proc"
)

// fakeLauncher starts processes that do only what a test has them do. Their
// ids count from 1.
type fakeLauncher struct {
	mu     sync.Mutex
	procs  []*fakeProcess
	fail   error              // what launch returns, if not nil
	deaf   bool               // new processes ignore the stop signal
	dying  func(*fakeProcess) // what new ones do first, if not nil
	closed bool
}

func (f *fakeLauncher) launch(st start) (int, process, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return 0, nil, f.fail
	}
	p := &fakeProcess{
		pid: len(f.procs) + 1, start: st, deaf: f.deaf,
		exited: make(chan struct{}), gone: make(chan struct{}),
	}
	st.out.ended = p.exited // all output is read once it has ended
	f.procs = append(f.procs, p)
	if f.dying != nil {
		f.dying(p)
	}
	return p.pid, p, nil
}

func (f *fakeLauncher) follow(map[int][]int) {}

func (f *fakeLauncher) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

// started returns the processes so far.
func (f *fakeLauncher) started() []*fakeProcess {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.procs)
}

// obedient has every process heed the stop signal, also one already sent.
func (f *fakeLauncher) obedient() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.deaf, f.dying = false, nil
	for _, p := range f.procs {
		p.heed()
	}
}

func (f *fakeLauncher) set(change func(*fakeLauncher)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// fakeProcess ends by the stop signal, unless it is deaf, or by SIGKILL.
type fakeProcess struct {
	pid          int
	start        start
	exited, gone chan struct{}

	mu      sync.Mutex
	deaf    bool
	ended   bool
	exit    proc.Exit
	signals []string
}

func (p *fakeProcess) Signal(name string) error {
	p.mu.Lock()
	p.signals = append(p.signals, name)
	deaf := p.deaf
	p.mu.Unlock()
	if !deaf || name == "KILL" {
		p.end(proc.Exit{Code: -1, Signal: "SIG" + name})
	}
	return nil
}

// heed ends the process if a signal was sent to it.
func (p *fakeProcess) heed() {
	p.mu.Lock()
	p.deaf = false
	asked := len(p.signals) > 0
	p.mu.Unlock()
	if asked {
		p.end(proc.Exit{Code: 0})
	}
}

func (p *fakeProcess) end(e proc.Exit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.ended, p.exit = true, e
	close(p.exited)
	close(p.gone)
}

// sent returns the signals that the process got.
func (p *fakeProcess) sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.signals...)
}

func (p *fakeProcess) Kill() error             { return p.Signal("KILL") }
func (p *fakeProcess) Exited() <-chan struct{} { return p.exited }
func (p *fakeProcess) Gone() <-chan struct{}   { return p.gone }

func (p *fakeProcess) Exit() proc.Exit {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exit
}
