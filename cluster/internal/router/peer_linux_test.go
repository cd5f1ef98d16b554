package router

import (
	"errors"
	"io"
	"testing"
)

// TestUnread looks at a connection whose backend has closed it before, and after,
// it could read the request.
func TestUnread(t *testing.T) {
	for _, tt := range []struct {
		name string
		read bool
	}{{"closed before the request", false}, {"closed after reading it", true}} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			closed, sent := make(chan struct{}), make(chan struct{})
			w := newWorker(t, func(w *worker, c sock) {
				if tt.read {
					w.request(c, getRequest)
				}
				c.Close()
				close(closed)
				<-sent
			})
			b := r.NewBackend(1)
			b.Bind(p, addrOf(w.ln))
			up, err := dial(t.Context(), b.routes[p])
			if err != nil {
				t.Fatal(err)
			}
			defer up.close()
			if !tt.read {
				<-closed
			}
			if err := up.write([]byte(getRequest)); err != nil {
				t.Fatal(err)
			}
			close(sent)
			<-closed
			if _, err := up.read(make([]byte, 10)); !errors.Is(err, io.EOF) {
				t.Fatalf("read: %v, want the end", err)
			}
			if got := up.unread(); got == tt.read {
				t.Errorf("unread is %v", got)
			}
		})
	}
}
