package cluster

import (
	"net"
	"net/netip"
	"time"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/router"
)

// worker is one process in one slot. Only the owner touches it.
type worker struct {
	slot     *slot
	pid      int
	gen      *generation
	state    State
	started  time.Time
	wasReady bool
	note     string // the latest that happened to it, in a few words

	proc    process
	out     *output
	backend *router.Backend
	socks   []socket
	addr    netip.AddrPort  // the first private address it listens at
	members []*membership   // its sockets, if the kernel balances
	unix    bool            // whether it listens on a Unix socket
	unixOut []adopt.Retired // what it is kept from: shiftUnix's goroutines alone touch it
	sockets *Sockets        // what the kernel last said of its connections

	// expected is set once the master has asked it to end, again if a new one
	// is to start after that.
	expected, again bool
	killed          bool // by somebody, with SIGKILL
	// verdict overrides what the exit itself says, as in "not ready within 30s".
	verdict string
	// refused is why the last bind of a port was refused, which explains an
	// exit better than what the program says of it.
	refused string
	// calls off the waits for readiness and for the end.
	cancelReady func()
	notify      *net.UnixConn // what NOTIFY_SOCKET names, nil if nothing does
	escalation  *time.Timer

	// lastRequests is what the traffic rate is taken from.
	lastRequests uint64
	rate         float64
	admitted     bool // that requests of it are not counted
}

// socket is a listening socket of a worker.
type socket struct {
	want, private netip.AddrPort
	only6         bool
	lent          netip.Addr // taken from the loopback, given back when the worker is gone
}

// live says whether the process has not ended.
func (w *worker) live() bool { return w.proc != nil }

// leaving says whether the worker is on its way out.
func (w *worker) leaving() bool { return w.state == StateDraining || w.state == StateStopping }

// slot is a worker's stable number and what is to become of it. Only the owner
// touches it.
type slot struct {
	num int
	// cur is the worker that serves or will; next replaces it once it is
	// ready; old ones are on their way out.
	cur, next *worker
	old       []*worker

	leaving bool // scaled away: the slot goes with its last worker
	stopped bool // stays down until asked
	failed  bool // crash loop

	policy    restartPolicy
	timer     *time.Timer // pending restart
	restartAt time.Time
	restarts  int
	note      string       // shown while it has no process
	crash     *crashReport // the latest, if there was one
}

// workers returns the slot's workers, older first.
func (s *slot) workers() []*worker {
	all := append([]*worker(nil), s.old...)
	if s.cur != nil {
		all = append(all, s.cur)
	}
	if s.next != nil {
		all = append(all, s.next)
	}
	return all
}

// forget removes a worker that has ended.
func (s *slot) forget(w *worker) {
	s.withdraw(w)
	for i, o := range s.old {
		if o == w {
			s.old = append(s.old[:i:i], s.old[i+1:]...)
			return
		}
	}
}

// has says whether a worker of a generation is there or on its way.
func (s *slot) has(g *generation) bool {
	return s.cur != nil && s.cur.gen.is(g) || s.next != nil && s.next.gen.is(g)
}

// withdraw takes a worker from its place in the slot.
func (s *slot) withdraw(w *worker) {
	switch w {
	case s.cur:
		s.cur = nil
	case s.next:
		s.next = nil
	}
}

// arriving says whether a worker is on its way that is to serve.
func (s *slot) arriving() bool {
	return s.next != nil || s.cur != nil && (s.cur.state == StateStarting || s.cur.again)
}

// awaiting says whether a worker is to start once others allow for it.
func (s *slot) awaiting() bool {
	down := s.leaving || s.stopped || s.failed || s.timer != nil
	return s.cur == nil && s.next == nil && !down
}

// empty says whether no process is left in the slot.
func (s *slot) empty() bool { return s.cur == nil && s.next == nil && len(s.old) == 0 }

func (s *slot) stopTimer() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.restartAt = time.Time{}
}

// reasonOf says in one line why a worker ended.
func reasonOf(w *worker, exit proc.Exit) string {
	if w.verdict != "" {
		return w.verdict
	}
	reason := exit.String()
	words := w.refused
	if words == "" {
		words = w.out.lastWords()
	}
	if words != "" && !w.expected && exit.Code != 0 && exit.Signal != "SIGKILL" {
		reason += ": " + words
	}
	return reason
}
