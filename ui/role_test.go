package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"gcl-tui/cluster"
)

// roleVar makes the test binary show the screen instead of testing; its value
// says how the master behaves.
const roleVar = "GCL_TEST_SCREEN"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVar); role != "" {
		showScreen(role)
		return
	}
	os.Exit(m.Run())
}

// showScreen shows the fixture at the fixed clock, and says on the restored
// terminal how it ended and what the master was asked for.
func showScreen(role string) {
	m := &roleMaster{fakeMaster: newFakeMaster(calm()), role: role}
	source := make(replay, 1)
	source <- fixtureEvents()
	err := run(context.Background(), m, source, Options{Now: func() time.Time { return clock }})
	for errors.Is(err, ErrForced) && len(m.called()) < 2 {
		runtime.Gosched() // the first of two requests may be overtaken by the second
	}
	what, _, _ := strings.Cut(fmt.Sprint(err), "\n")
	fmt.Printf("ended: %s; asked: %s\r\n", what, strings.Join(m.called(), ", "))
}

// roleMaster ends when it is stopped, unless its role is another.
type roleMaster struct {
	*fakeMaster
	role string
}

func (m *roleMaster) Snapshot() *cluster.Snapshot {
	if m.role == "panics in a snapshot" && len(m.called()) > 0 {
		panic("snapshot")
	}
	return m.fakeMaster.Snapshot()
}

func (m *roleMaster) ScaleBy(delta int, by string) error {
	if m.role == "panics in a request" {
		panic("request")
	}
	return m.fakeMaster.ScaleBy(delta, by)
}

func (m *roleMaster) Restart(slot int) error {
	err := m.fakeMaster.Restart(slot)
	if m.role == "ends by itself" {
		close(m.done)
	}
	return err
}

func (m *roleMaster) Stop() {
	m.fakeMaster.Stop()
	if m.role != "does not stop" {
		close(m.done)
	}
}

// replay is a source of events that delivers each batch once.
type replay chan []cluster.Event

func (r replay) Next(ctx context.Context) (cluster.Batch, error) {
	select {
	case events := <-r:
		return cluster.Batch{Events: events}, nil
	case <-ctx.Done():
		return cluster.Batch{}, ctx.Err()
	}
}
