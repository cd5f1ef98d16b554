package router

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

// TestUpstreamIsNotPaced asks how a connection to a worker sends.
func TestUpstreamIsNotPaced(t *testing.T) {
	r, p := newRouter(t, Options{})
	b := backend(r, p, 1, addrOf(healthy(t, getRequest).ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expect(t, c, okResponse)
	quietStats(t, r)
	up := b.routes[p].take(0)
	if up == nil {
		t.Fatal("no connection to the worker is idle")
	}
	defer up.close()
	var name string
	var err error
	if e := up.raw.Control(func(fd uintptr) {
		name, err = unix.GetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION)
	}); e != nil || err != nil || name != "reno" {
		t.Errorf("congestion control %q, %v, %v", name, e, err)
	}
}
