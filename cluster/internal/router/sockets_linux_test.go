package router

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// openSockets returns how many this process has open.
func openSockets(t *testing.T) int {
	t.Helper()
	descriptors, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range descriptors {
		if target, err := os.Readlink(d); err == nil && strings.HasPrefix(target, "socket:") {
			n++
		}
	}
	return n
}

// TestCloseLeavesNothing closes a router in the middle of everything and counts
// descriptors.
func TestCloseLeavesNothing(t *testing.T) {
	impatiently(t)
	before := openSockets(t)
	func() {
		r := New(Options{})
		p := r.Listen(listen(t))
		stop := make(chan struct{})
		w := newWorker(t, func(w *worker, c sock) {
			for {
				switch w.request(c, getRequest, "\x01", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n") {
				case getRequest:
					fmt.Fprint(c, okResponse)
				case "":
					return
				default:
					<-stop
				}
			}
		})
		b := backend(r, p, 1, addrOf(w.ln))
		var clients []sock
		for _, sent := range []string{"", "", getRequest, "\x01", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", ""} {
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, sent)
			clients = append(clients, c)
		}
		expect(t, clients[2], okResponse)
		eventually(t, "silence opens connections", func() bool { s := b.Stats(); return s.Conns >= 5 && s.Tunnels == 1 })
		held := r.Listen(listen(t))
		c := dialRouter(t, held.Addr())
		fmt.Fprint(c, getRequest)
		clients = append(clients, c)
		eventually(t, "one is held", func() bool { return r.Stats().Held == 1 })
		r.Close()
		close(stop)
		w.stop()
		for _, c := range clients {
			c.Close()
		}
	}()
	if after := openSockets(t); after > before { // others may have ended
		t.Errorf("%d sockets before, %d after", before, after)
	}
}
