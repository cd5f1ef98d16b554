package router

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
)

// TestPartsAreAcknowledged: a server that writes its response in parts need not wait
// for a delayed acknowledgement, and for one that does not nothing is done.
func TestPartsAreAcknowledged(t *testing.T) {
	var asked atomic.Int32
	original := acknowledge
	acknowledge = func(fd uintptr) {
		original(fd)
		// The kernel says whether it delays none.
		if on, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK); on == 1 && err == nil {
			asked.Add(1)
		}
	}
	t.Cleanup(func() { acknowledge = original }) // after the router's end
	r, p := newRouter(t, Options{})
	parts := make(chan string)
	w := newWorker(t, func(w *worker, c sock) {
		for w.request(c, getRequest) != "" {
			for part := range parts {
				if part == "" {
					break
				}
				fmt.Fprint(c, part)
			}
		}
	})
	backend(r, p, 1, addrOf(w.ln))
	defer close(parts)
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	parts <- okResponse
	expect(t, c, okResponse)
	parts <- ""
	if n := asked.Load(); n != 0 {
		t.Errorf("asked %d times for a response in one part", n)
	}
	for cut := range len(okResponse) - 1 {
		before := asked.Load()
		fmt.Fprint(c, getRequest)
		parts <- okResponse[:cut+1]
		eventually(t, "what has come is acknowledged at once", func() bool { return asked.Load() > before })
		parts <- okResponse[cut+1:]
		expect(t, c, okResponse)
		parts <- ""
	}
}
