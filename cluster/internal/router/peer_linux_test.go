package router

import (
	"errors"
	"io"
	"syscall"
	"testing"
)

// TestUnread looks at a connection whose backend has closed it before, and after,
// it could read the request. One has read part of it when it ends its direction
// and then closes, as Python's socketserver does after a failure.
func TestUnread(t *testing.T) {
	for _, tt := range []struct {
		name    string
		request string
		read    bool
		halves  bool
	}{
		{"closed before the request", getRequest, false, false},
		{"closed after reading it", getRequest, true, false},
		{"closed with its body unread", postRequest, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			closed, sent := make(chan struct{}), make(chan struct{})
			w := newWorker(t, func(w *worker, c sock) {
				if tt.read {
					_, _ = io.ReadFull(c, make([]byte, len(getRequest)))
				}
				if tt.halves {
					c.finish()
				}
				c.Close()
				close(closed)
				<-sent
			})
			up := dialWorker(t, r, p, w)
			if !tt.read {
				<-closed
			}
			if err := up.write([]byte(tt.request)); err != nil {
				t.Fatal(err)
			}
			close(sent)
			<-closed
			expectWorkersEnd(t, up)
			if got := up.unread(len(tt.request)); got == tt.read {
				t.Errorf("unread is %v", got)
			}
		})
	}
}

// TestUnreadInPart has a backend with room for less than the request read that much,
// then close: the rest finds it closed.
func TestUnreadInPart(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := newWorker(t, func(w *worker, c sock) {
		_, _ = c.Read(make([]byte, bufferSize))
		c.finish()
	})
	raw, err := w.ln.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)
	})
	if err != nil {
		t.Fatal(err)
	}
	up := dialWorker(t, r, p, w)
	if err := up.write(make([]byte, bufferSize)); err != nil {
		t.Fatal(err)
	}
	expectWorkersEnd(t, up)
	if up.unread(bufferSize) {
		t.Error("unread is true")
	}
}

// dialWorker opens a connection to a worker as the router does.
func dialWorker(t *testing.T, r *Router, p *Port, w *worker) *upstream {
	t.Helper()
	b := r.NewBackend(1)
	b.Bind(p, addrOf(w.ln))
	up, err := dial(t.Context(), b.routes[p])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(up.close)
	return up
}

func expectWorkersEnd(t *testing.T, up *upstream) {
	t.Helper()
	if _, err := up.read(make([]byte, 10)); !errors.Is(err, io.EOF) {
		t.Fatalf("read: %v, want the end", err)
	}
}
