package cluster

import (
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/metrics"
	"gcl-tui/cluster/internal/proc"
)

// rig is a cluster whose processes are fakes, in a bubble with a clock of its
// own: nothing in it takes time but the waits that the test is about.
type rig struct {
	*Cluster
	t    *testing.T
	fake *fakeLauncher
	sub  *Subscription
	port *publicPort
}

// inBubble runs a test of a rig. The cluster has stopped at its end.
func inBubble(t *testing.T, opts Options, test func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, opts)
		test(r)
		r.fake.obedient()
		r.Stop()
		if err := r.Wait(t.Context()); err != nil && !opts.GiveUp {
			t.Errorf("ended with %v", err)
		}
	})
}

// soon has a fake worker be ready after a second: there is nobody to listen.
var soon = Ready{Kind: ReadyDelay, Delay: time.Second}

func newRig(t *testing.T, opts Options) *rig {
	t.Helper()
	opts.Command = []string{"server", "-x"}
	opts = opts.withDefaults()
	fake := &fakeLauncher{}
	o := &owner{
		opts: opts, want: opts.Workers, c: newCluster(opts),
		warned: map[string]bool{}, parting: map[*membership]time.Time{}, unix: new(adopt.UnixSockets),
		serving:  &generation{num: 1, path: "/bin/server", argv: opts.Command, env: []string{"A=1"}},
		history:  history{last: 1},
		adoption: "fake", adopting: true, launcher: fake,
		loop: &loopback{
			net:  netip.MustParsePrefix("127.99.0.0/16"),
			used: map[netip.Addr]bool{}, release: func() {},
		},
	}
	o.router = newRouter(o)
	r := &rig{t: t, fake: fake, port: deafPort(t, o)}
	r.Cluster = o.begin(metrics.New(os.Getpid()))
	r.sub = r.Subscribe()
	return r
}

// deafPort returns a public port that nobody can connect to: a goroutine that
// waits for clients would keep the bubble's clock from going on.
func deafPort(t *testing.T, o *owner) *publicPort {
	t.Helper()
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr).AddrPort()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return &publicPort{addr: addr, router: o.router.Listen(l)}
}

// pass lets time go by, and everything happen that is due then.
func (r *rig) pass(d time.Duration) {
	<-time.After(d) // by the bubble's clock
	synctest.Wait()
}

// do fails the test if a request was refused.
func (r *rig) do(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Error(err)
	}
	synctest.Wait()
}

// refused fails the test unless a request was refused with an error.
func (r *rig) refused(err error, want string) {
	r.t.Helper()
	if err == nil || err.Error() != want {
		r.t.Errorf("got %v, want %q", err, want)
	}
	synctest.Wait() // until the snapshot is what the request has left
}

// events wants exactly these events since the last look. Figures that differ
// from run to run are left out, and a delay is given as its longest. What
// happens to several workers at one instant is put in order.
func (r *rig) events(want ...string) {
	r.t.Helper()
	synctest.Wait()
	var got []string
	var run []Event // of one name, at one instant
	flush := func() {
		texts := make([]string, len(run))
		for i, e := range run {
			texts[i] = r.told(e)
		}
		slices.Sort(texts)
		got, run = append(got, texts...), run[:0]
	}
	for {
		b, wake, err := r.sub.take()
		if err != nil || wake != nil {
			break
		}
		for _, e := range b.Events {
			if n := len(run); n > 0 && (run[n-1].Name() != e.Name() || !strings.HasPrefix(e.Name(), "worker_") || !run[n-1].Time.Equal(e.Time)) {
				flush()
			}
			run = append(run, e)
		}
	}
	flush()
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("events (-want +got):\n%s", diff)
	}
}

// told returns an event as its name and the values of its fields.
func (r *rig) told(e Event) string {
	switch d := e.Data.(type) {
	case RestartScheduled:
		longest := backoffLimit(d.Attempt)
		if ms := longest.Milliseconds(); d.DelayMS > ms || d.DelayMS < ms*4/5 {
			r.t.Errorf("attempt %d after %d ms, want %d at most and four fifths of it at least", d.Attempt, d.DelayMS, ms)
		}
		d.DelayMS = longest.Milliseconds()
		e.Data = d
	case WorkerExited:
		d.UptimeMS -= d.UptimeMS % 100 // it depends on the jitter
		e.Data = d
	case CrashLoop:
		d.WindowMS = 0 // it depends on the jitter too
		e.Data = d
	}
	fields, err := json.Marshal(e.Data)
	if err != nil {
		r.t.Error(err)
	}
	plain := strings.NewReplacer(`"`, "", "{", "", "}", "", ",", " ").Replace(string(fields))
	return strings.TrimSpace(e.Name() + " " + strings.ReplaceAll(plain, " window_ms:0", ""))
}

// backoffLimit is the rule again, without the jitter.
func backoffLimit(attempt int) time.Duration {
	if attempt <= 1 {
		return 0
	}
	return min(100*time.Millisecond<<(attempt-2), 15*time.Second)
}

// rows wants exactly these rows in the snapshot: slot, state, pid, note.
func (r *rig) rows(want ...string) {
	r.t.Helper()
	synctest.Wait()
	var got []string
	for _, w := range r.Snapshot().Workers {
		got = append(got, fmt.Sprintf("w%d %s %d %s", w.Slot, w.State, w.PID, w.Note))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// proc returns the process with an id.
func (r *rig) proc(pid int) *fakeProcess {
	r.t.Helper()
	r.fake.mu.Lock()
	defer r.fake.mu.Unlock()
	if pid > len(r.fake.procs) {
		r.t.Fatalf("only %d processes were started", len(r.fake.procs))
	}
	return r.fake.procs[pid-1]
}

// crash ends a process that nobody asked to.
func (r *rig) crash(pid int) {
	r.t.Helper()
	r.proc(pid).end(proc.Exit{Code: 1})
	synctest.Wait()
}

// disobey has a process ignore the stop signal.
func (r *rig) disobey(pid int) {
	r.t.Helper()
	p := r.proc(pid)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = true
}

// listens has a worker listen on the rig's port.
func (r *rig) listens(pid int) {
	r.t.Helper()
	w := r.proc(pid).start.host.(host).w
	r.do(r.ask(func(o *owner) {
		private := netip.AddrPortFrom(o.loop.take(), 8080)
		w.socks = append(w.socks, socket{want: r.port.addr, private: private, lent: private.Addr()})
		o.serves(w, r.port, private)
	}))
}

func sameStrings(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
