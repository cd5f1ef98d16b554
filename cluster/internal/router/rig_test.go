package router

import (
	"context"
	"math"
	"net"
	"net/http"
	"net/netip"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) != "" {
		workerRole()
		return
	}
	patience[silent], patience[partial] = forever, forever
	goleak.VerifyTestMain(m)
}

// forever is longer than any test: however slow the machine, a client that has
// connected is not taken for one that lets the server speak first, nor half a head
// for all that comes.
const forever = math.MaxInt

// defaultPatience is what routers have outside of tests.
var defaultPatience = patience

// impatiently gives the routers of a test the patience they have outside. It comes
// before the first of them.
func impatiently(t *testing.T) {
	t.Helper()
	former := patience
	patience = defaultPatience
	t.Cleanup(func() { patience = former })
}

// departNever leaves clients that were told to go elsewhere alone. It comes before the
// first router of a test.
func departNever(t *testing.T) {
	t.Helper()
	former := patience
	patience[leaving] = forever
	t.Cleanup(func() { patience = former })
}

// patienceLimit bounds every wait of a test. It is never the measure of success.
const patienceLimit = time.Minute

// listen returns a listener on a free loopback port, closed with the test.
func listen(tb testing.TB) *net.TCPListener {
	tb.Helper()
	ln := listenAnywhere()
	tb.Cleanup(func() { _ = ln.Close() })
	return ln
}

func listenAnywhere() *net.TCPListener {
	lc := net.ListenConfig{KeepAlive: -1}
	lc.SetMultipathTCP(false)
	ln, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	return ln.(*net.TCPListener)
}

func addrOf(ln net.Listener) netip.AddrPort { return ln.Addr().(*net.TCPAddr).AddrPort() }

// refusing returns an address that refuses every connection until the test ends: a
// client's own, which it has bound, so that nobody else can come to listen there.
func refusing(tb testing.TB) netip.AddrPort {
	tb.Helper()
	own := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}
	c, err := net.DialTCP("tcp4", own, listen(tb).Addr().(*net.TCPAddr))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return c.LocalAddr().(*net.TCPAddr).AddrPort()
}

// newRouter returns a router with one port.
func newRouter(tb testing.TB, o Options) (*Router, *Port) {
	tb.Helper()
	r := New(o)
	tb.Cleanup(r.Close)
	return r, r.Listen(listen(tb))
}

// newLingeringRouter is newRouter for a client that goes on sending after its
// response, for as long as the test waits for anything.
func newLingeringRouter(tb testing.TB, o Options) (*Router, *Port) {
	tb.Helper()
	r := New(o)
	tb.Cleanup(r.Close)
	r.lingers = patienceLimit
	return r, r.Listen(listen(tb))
}

// serveHTTP starts a server with the standard library and returns its address.
func serveHTTP(tb testing.TB, h http.Handler) netip.AddrPort {
	tb.Helper()
	ln := listen(tb)
	s := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(ln)
	}()
	tb.Cleanup(func() {
		_ = s.Close()
		<-done
	})
	return addrOf(ln)
}

// backend adds a ready backend at addr.
func backend(r *Router, p *Port, id int, addr netip.AddrPort) *Backend {
	b := r.NewBackend(id)
	b.Bind(p, addr)
	b.Ready()
	return b
}

// ownLoopback takes all but one loopback address for workers' own.
func ownLoopback(a netip.Addr) bool {
	return a.IsLoopback() && a != netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

// quietStats returns the figures once nothing is in flight.
func quietStats(tb testing.TB, r *Router) Stats {
	tb.Helper()
	var s Stats
	eventually(tb, "nothing is in flight", func() bool {
		s = r.Stats()
		return s.InFlight == 0
	})
	return s
}
