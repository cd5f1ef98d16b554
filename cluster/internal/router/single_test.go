package router

import (
	"fmt"
	"sync"
	"testing"
)

// TestOneConnectionAtATime has a worker that serves the next connection when the one
// before has ended. One that is kept for some client must not hold up another's
// request, whether that comes in one piece or its body comes later.
func TestOneConnectionAtATime(t *testing.T) {
	former := keepIdle
	keepIdle = 2 * patienceLimit
	t.Cleanup(func() { keepIdle = former })
	for _, tt := range []struct {
		name, request string
		cut           pieces
	}{
		{"no body", getRequest, pieces{}},
		{"body with its head", postRequest, pieces{}},
		{"body later", postRequest, behindHead(postRequest)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			var one sync.Mutex
			w := newWorker(t, func(w *worker, c sock) {
				one.Lock()
				defer one.Unlock()
				for w.request(c, getRequest, postRequest) != "" {
					fmt.Fprint(c, okResponse)
				}
			})
			b := backend(r, p, 1, addrOf(w.ln))
			first, second := dialRouter(t, p.Addr()), dialRouter(t, p.Addr())
			eventually(t, "both are accepted", func() bool { return r.Stats().Conns == 2 })
			fmt.Fprint(first, postRequest)
			expect(t, first, okResponse)
			quietStats(t, r)
			keptConnection(t, b)
			sendIn(t, r, second, tt.request, "", tt.cut)
			expect(t, second, okResponse)
		})
	}
}
