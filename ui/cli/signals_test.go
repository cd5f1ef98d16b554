package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster"
)

// wishes records what it was asked for.
type wishes struct {
	asked   []string
	stopped bool
	refusal error // of a reload
}

func (w *wishes) note(format string, args ...any) {
	w.asked = append(w.asked, fmt.Sprintf(format, args...))
}

func (w *wishes) ScaleBy(delta int, by string) error { w.note("scale %+d %s", delta, by); return nil }
func (w *wishes) Reload(cause string) error          { w.note("reload %s", cause); return w.refusal }
func (w *wishes) Tell(e cluster.SourceEvent)         { w.note("tell %v", e) }
func (w *wishes) Force()                             { w.note("force") }

func (w *wishes) Stop() (first bool) {
	w.note("stop")
	first = !w.stopped
	w.stopped = true
	return first
}

func TestGrant(t *testing.T) {
	for _, tt := range []struct {
		name   string
		wishes []wish
		want   []string
	}{
		{"scale", []wish{wishMore, wishFewer}, []string{"scale +1 signal", "scale -1 signal"}},
		{"reload", []wish{wishReload}, []string{"reload signal"}},
		{"nothing", []wish{wishNothing}, nil},
		{"interrupted once", []wish{wishInterrupt}, []string{"stop"}},
		{"interrupted twice", []wish{wishInterrupt, wishInterrupt}, []string{"stop", "stop", "force"}},
		{"told twice", []wish{wishStop, wishStop}, []string{"stop", "stop"}},
		{"told, then interrupted", []wish{wishStop, wishInterrupt}, []string{"stop", "stop", "force"}},
	} {
		var got wishes
		for _, w := range tt.wishes {
			grant(&got, w)
		}
		if diff := cmp.Diff(tt.want, got.asked); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestRefusedReloadIsTold: an environment file that cannot be read, say, but not
// that there is none at the end.
func TestRefusedReloadIsTold(t *testing.T) {
	for refusal, want := range map[error][]string{
		errors.New("not now"): {"reload signal", "tell {no reload: not now}"},
		cluster.ErrStopped:    {"reload signal"},
	} {
		got := wishes{refusal: refusal}
		grant(&got, wishReload)
		if diff := cmp.Diff(want, got.asked); diff != "" {
			t.Errorf("%v (-want +got):\n%s", refusal, diff)
		}
	}
}

// TestInterruptedStart: a signal before there is a cluster ends the start, and
// stops the cluster should there be one all the same. It does not count as a
// first interrupt that makes the next one a force.
func TestInterruptedStart(t *testing.T) {
	ctx, s := catchSignals(t.Context())
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.serve()
	}()
	s.arriving <- interruptSignal
	<-ctx.Done()
	var m wishes
	s.steer <- &m
	// The signals are read in turn with the cluster: wait until it is taken.
	for len(s.steer) > 0 {
		s.arriving <- harmlessSignal
	}
	s.release()
	<-served
	if diff := cmp.Diff([]string{"stop"}, m.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
