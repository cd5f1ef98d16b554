package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"gcl-tui/cluster"
)

// wish is what a signal asks for.
type wish int

const (
	wishNothing   wish = iota
	wishStop           // once is enough
	wishInterrupt      // stop; the second time, kill
	wishMore           // one worker more
	wishFewer          // one worker less
	wishReload
)

// steered is what signals ask things of; *stopper is one.
type steered interface {
	ScaleBy(delta int, by string) error
	Reload(cause string) error
	Tell(e cluster.SourceEvent)
	Stop() (first bool)
	Force()
}

// bySignal is what events say of who asked.
const bySignal = "signal"

// signals is the program's only reader of signals.
type signals struct {
	arriving chan os.Signal
	steer    chan steered
	// cancelStart ends a start that is still going on.
	cancelStart context.CancelFunc
}

// catchSignals takes over all signals that mean something. Until serve is given
// a cluster to steer, those that stop end the returned context instead.
func catchSignals(ctx context.Context) (context.Context, *signals) {
	ctx, cancel := context.WithCancel(ctx)
	s := &signals{
		arriving:    make(chan os.Signal, 16),
		steer:       make(chan steered, 1),
		cancelStart: cancel,
	}
	signal.Notify(s.arriving, caughtSignals()...)
	return ctx, s
}

// serve turns signals into requests until release is called.
func (s *signals) serve() {
	var m steered
	interrupted := false
	for {
		select {
		case m = <-s.steer:
			if interrupted {
				m.Stop()
			}
		case sig, ok := <-s.arriving:
			switch w := wishOf(sig); {
			case !ok:
				return
			case m != nil:
				grant(m, w)
			case w == wishStop || w == wishInterrupt:
				interrupted = true
				s.cancelStart()
			}
		}
	}
}

// release lets the signals go, and ends serve.
func (s *signals) release() {
	signal.Stop(s.arriving)
	close(s.arriving)
	s.cancelStart()
}

// grant does what was wished. A request that the cluster does not take, such as
// one during its stop, changes nothing. Whoever waits for a reload is told that
// there is none.
func grant(m steered, w wish) {
	switch w {
	case wishMore:
		_ = m.ScaleBy(1, bySignal)
	case wishFewer:
		_ = m.ScaleBy(-1, bySignal)
	case wishReload:
		if err := m.Reload(bySignal); err != nil && !errors.Is(err, cluster.ErrStopped) {
			m.Tell(cluster.Warning{Text: "no reload: " + err.Error()})
		}
	case wishStop:
		m.Stop()
	case wishInterrupt:
		if first := m.Stop(); !first {
			m.Force()
		}
	case wishNothing:
	}
}
