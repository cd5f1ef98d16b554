package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gcl-tui/cluster"
)

// fakeMaster records what it is asked for.
type fakeMaster struct {
	snap atomic.Pointer[cluster.Snapshot]
	done chan struct{}
	fail error // what requests return

	mu    sync.Mutex
	calls []string
}

func newFakeMaster(s *cluster.Snapshot) *fakeMaster {
	m := &fakeMaster{done: make(chan struct{})}
	m.snap.Store(s)
	return m
}

func (m *fakeMaster) call(format string, args ...any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, fmt.Sprintf(format, args...))
	return m.fail
}

func (m *fakeMaster) called() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.calls...)
}

func (m *fakeMaster) Snapshot() *cluster.Snapshot        { return m.snap.Load() }
func (m *fakeMaster) Subscribe() *cluster.Subscription   { return nil }
func (m *fakeMaster) ScaleBy(delta int, by string) error { return m.call("scale %+d by %s", delta, by) }
func (m *fakeMaster) Restart(slot int) error             { return m.call("restart %d", slot) }
func (m *fakeMaster) StopWorker(slot int) error          { return m.call("stop %d", slot) }
func (m *fakeMaster) StartWorker(slot int) error         { return m.call("start %d", slot) }
func (m *fakeMaster) Kill(slot int) error                { return m.call("kill %d", slot) }
func (m *fakeMaster) Reload(cause string) error          { return m.call("reload %s", cause) }
func (m *fakeMaster) RollBack(by string) error           { return m.call("roll back by %s", by) }
func (m *fakeMaster) Watch(on bool) error                { return m.call("watch %v", on) }
func (m *fakeMaster) Build() error                       { return m.call("build") }
func (m *fakeMaster) Stop()                              { _ = m.call("stop all") }
func (m *fakeMaster) Done() <-chan struct{}              { return m.done }

var errNoSuchWorker = errors.New("no such worker")

// silence is a source without events.
type silence struct{}

func (silence) Next(ctx context.Context) (cluster.Batch, error) {
	<-ctx.Done()
	return cluster.Batch{}, ctx.Err()
}

// trueColor is the environment of a capable terminal.
var trueColor = []string{"TERM=xterm-256color", "COLORTERM=truecolor"}

// testModel returns a model at the fixed clock that shows s and has seen events.
func testModel(m Master, o Options, events ...cluster.Event) *model {
	o.Now = func() time.Time { return clock }
	if o.Environ == nil {
		o.Environ = trueColor
	}
	md, err := newModel(context.Background(), m, silence{}, o.withDefaults())
	if err != nil {
		panic(err)
	}
	md.learn(eventsMsg{events: events})
	return md
}

// screenText returns the frame of a model as one text.
func screenText(md *model) string { return strings.Join(md.frame(), "\n") }
