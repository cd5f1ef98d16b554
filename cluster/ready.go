package cluster

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gcl-tui/cluster/internal/tcpdiag"
)

const (
	// plainAfter is how long a program that listens on nothing must be up to
	// count as ready.
	plainAfter = 3 * time.Second
	// readyPoll is how often a worker is asked whether it is ready.
	readyPoll = 20 * time.Millisecond
)

// prepareReady adds to st what a worker needs to tell that it is ready, and
// returns the wait for it, which runs in a goroutine of its own from the start
// of the process until ctx ends.
func (o *owner) prepareReady(ctx context.Context, w *worker, st *start) (wait func(), err error) {
	var waits []func()
	add := func(f func()) { waits = append(waits, f) }
	if !o.adopting && len(o.ports) > 0 {
		accept, err := o.prepareUnadopted(ctx, w, st)
		if err != nil {
			return nil, err
		}
		add(accept)
	}
	c, limit := o.c, o.opts.ReadyTimeout
	switch o.opts.Ready.Kind {
	case ReadyListen:
		if o.isPlain(w) && plainAfter < limit {
			add(func() { c.after(ctx, plainAfter, func(o *owner) { o.readyIfPlain(w) }) })
		}
	case ReadyDelay:
		add(func() { c.after(ctx, o.opts.Ready.Delay, func(o *owner) { o.ready(w) }) })
		limit += o.opts.Ready.Delay
	case ReadyHTTP:
		add(func() { c.awaitHTTP(ctx, w, o.opts.Ready.Path) })
	case ReadyNotify:
		if w.notify, err = prepareNotify(st); err != nil {
			return nil, err
		}
		receive := w.notify
		add(func() { c.awaitNotify(w, receive) })
	}
	add(func() {
		c.after(ctx, limit, func(o *owner) { o.notReady(w, o.lateness(w, limit)) })
	})
	return func() {
		for _, f := range waits {
			go f()
		}
	}, nil
}

// after posts f once d is over, unless ctx ends first.
func (c *Cluster) after(ctx context.Context, d time.Duration, f func(*owner)) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		c.post(f)
	case <-ctx.Done():
	}
}

// readyIfPlain takes a worker that listens on nothing for what it is.
func (o *owner) readyIfPlain(w *worker) {
	if o.isPlain(w) {
		o.ready(w)
	}
}

// isPlain says whether a worker listens on nothing, and neither the user nor
// another worker of the same program has shown that it should.
func (o *owner) isPlain(w *worker) bool {
	return !o.listened && !o.portKnown() && len(w.members) == 0 && !slices.ContainsFunc(w.socks, mayListen)
}

// lateness says why a worker was not ready within limit. What to do comes before
// the rule that it follows from: the end may be cut on the screen.
func (o *owner) lateness(w *worker, limit time.Duration) string {
	if o.opts.Ready.Kind == ReadyListen && limit <= plainAfter && o.isPlain(w) {
		return fmt.Sprintf("no port seen within %v: raise --ready-timeout above %v, after which a program without one counts as ready", limit, plainAfter)
	}
	return fmt.Sprintf("not ready within %v", limit)
}

// portKnown says whether a port is named by the user or listened on, not only
// bound by a worker, which may be a client's doing.
func (o *owner) portKnown() bool {
	return slices.ContainsFunc(o.ports, func(p *publicPort) bool { return p.given || p.router != nil })
}

// mayListen says whether a bound socket may still become a server's: one that is or
// was connected from there was a client's, and one that is closed is nobody's.
func mayListen(k socket) bool {
	conns, err := tcpdiag.Connected(k.want.Port())
	return err != nil || len(conns) == 0 && bound(k.want, k.only6)
}

// poll calls try about every readyPoll until it returns true or ctx ends.
func poll(ctx context.Context, try func() bool) bool {
	t := time.NewTicker(readyPoll)
	defer t.Stop()
	for {
		if try() {
			return true
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return false
		}
	}
}

// awaitHTTP asks a worker's private address for path until it answers 2xx or 3xx.
func (c *Cluster) awaitHTTP(ctx context.Context, w *worker, path string) {
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       5 * time.Second,
	}
	ok := poll(ctx, func() bool {
		var addr netip.AddrPort
		if c.ask(func(*owner) { addr = w.addr }) != nil || !addr.IsValid() {
			return false
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr.String()+path, nil)
		if err != nil {
			return false
		}
		resp, err := client.Do(req)
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode >= 200 && resp.StatusCode < 400
	})
	if ok {
		c.post(func(o *owner) { o.ready(w) })
	}
}

// prepareNotify makes the socket that NOTIFY_SOCKET names (sd_notify(3)).
func prepareNotify(st *start) (*net.UnixConn, error) {
	dir, err := os.MkdirTemp("", "gcl-tui-")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("open the notify socket: %w", err)
	}
	st.env = overlay(st.env, "NOTIFY_SOCKET="+path)
	return conn, nil
}

// awaitNotify reads datagrams until the socket is closed, which is when the worker
// has ended: it may say more after READY=1, and some programs take it for an error
// if nobody is there to hear.
func (c *Cluster) awaitNotify(w *worker, conn *net.UnixConn) {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		for line := range strings.Lines(string(buf[:n])) {
			if strings.TrimSpace(line) == "READY=1" {
				c.post(func(o *owner) { o.ready(w) })
			}
		}
	}
}

// closeNotify takes the socket away that a worker tells its state to, if it has one.
func (w *worker) closeNotify() {
	if w.notify == nil {
		return
	}
	_ = w.notify.Close()
	_ = os.RemoveAll(filepath.Dir(w.notify.LocalAddr().String()))
}
