package router

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// answeredTLS returns a client whose connection looks like one with TLS, and like an
// idle one if nothing was under way. Its server goes on with then.
func answeredTLS(t *testing.T, then func(c sock)) (*Backend, sock) {
	t.Helper()
	r, p := newRouter(t, Options{})
	r.sealedLull = 0
	w := newWorker(t, func(w *worker, c sock) {
		for range surelyAsked {
			w.request(c, "\x16")
			fmt.Fprint(c, "\x17")
		}
		then(c)
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	for range surelyAsked {
		fmt.Fprint(c, "\x16")
		expect(t, c, "\x17")
	}
	eventually(t, "the answer is passed on", func() bool { return lastWordAt(b) > 0 })
	return b, c
}

// TestDeafTLS: a backend that does not end the connection is not waited for, and what
// the client says too late does not reach it.
func TestDeafTLS(t *testing.T) {
	heard, over := make(chan error, 1), make(chan struct{})
	b, c := answeredTLS(t, func(c sock) {
		n, err := c.Read(make([]byte, 1))
		heard <- errors.Join(err, fmt.Errorf("%d bytes", n))
		<-over
	})
	defer close(over)
	drained := b.Drain()
	fmt.Fprint(c, "\x16")
	expectEnd(t, c)
	<-drained
	if err := <-heard; !errors.Is(err, io.EOF) {
		t.Errorf("the backend has read %v, want the end", err)
	}
}

// TestAnswerAfterEndOfTLS: a backend that answers after it was given the end is read
// for as long as it does, however slow the client is, and no longer.
func TestAnswerAfterEndOfTLS(t *testing.T) {
	departNever(t)
	more, over := strings.Repeat("0123456789abcdef", 1<<20), make(chan struct{})
	b, c := answeredTLS(t, func(c sock) {
		expectEnd(t, c)
		_, _ = io.WriteString(c, more)
		<-over
	})
	defer close(over)
	before := b.Stats().BytesOut
	drained := b.Drain()
	eventually(t, "the answer begins", func() bool { return b.Stats().BytesOut > before })
	look := looker(b.r)
	whilePasses(t)
	for got := make([]byte, 1<<20); more != ""; more = more[len(got):] {
		look()
		if _, err := io.ReadFull(c, got); err != nil || string(got) != more[:len(got)] {
			t.Fatalf("read %v, with %d bytes to come", err, len(more))
		}
	}
	eventually(t, "it is over", func() bool {
		look()
		select {
		case <-drained:
			return true
		default:
			return false
		}
	})
	expectEnd(t, c)
}

// whilePasses waits until nothing that was said before was said lately.
func whilePasses(t *testing.T) {
	t.Helper()
	began := clock()
	eventually(t, "a while passes", func() bool { return clock()-began > int64(answerPause) })
}

// TestShiftAndDrainOfTLS: one after the other leaves a backend the time for its goodbye.
func TestShiftAndDrainOfTLS(t *testing.T) {
	departNever(t)
	ended, bye := make(chan struct{}), make(chan struct{})
	b, c := answeredTLS(t, func(c sock) {
		expectEnd(t, c)
		close(ended)
		<-bye
		fmt.Fprint(c, "bye")
	})
	whilePasses(t)
	b.r.Shift(nil, []*Backend{b})
	<-ended
	drained := b.Drain()
	close(bye)
	expect(t, c, "bye")
	expectEnd(t, c)
	<-drained
}

// looker returns what looks at connections that are to be left as the sweeper does:
// once until they have something else to wait for.
func looker(r *Router) (look func()) {
	seen := make(map[uint64]bool)
	return func() {
		var slots []*slot
		r.conns.each(func(c *conn) { slots = append(slots, c.slot) })
		for _, s := range slots {
			if state := s.state.Load(); state%phases == leaving && !seen[state] {
				seen[state] = true
				r.conns.wake(s, state)
			}
		}
	}
}

// eachUpstream calls f for each connection of a backend.
func eachUpstream(b *Backend, f func(*upstream)) {
	for _, rt := range b.routes {
		rt.mu.Lock()
		for up := range rt.all {
			f(up)
		}
		rt.mu.Unlock()
	}
}

// TestUploadInTLS: a connection on which bytes of the client are on their way is not
// idle, whatever the backend says meanwhile.
func TestUploadInTLS(t *testing.T) {
	speak, heard := make(chan struct{}), make(chan int64, 1)
	b, c := answeredTLS(t, func(c sock) {
		for range 2 {
			<-speak
			fmt.Fprint(c, "word")
		}
		n, _ := io.Copy(io.Discard, c)
		heard <- n
	})
	sent, piece := int64(0), make([]byte, 1<<20)
	for full := false; !full; { // until nobody on the way takes any more
		_ = c.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		n, _ := c.Write(piece)
		sent, full = sent+int64(n), n == 0
	}
	speak <- struct{}{}
	expect(t, c, "word")
	eventually(t, "it is passed on", func() bool { return lastWordAt(b) > 0 })
	drained := b.Drain()
	speak <- struct{}{}
	expect(t, c, "word")
	c.finish()
	expectEnd(t, c)
	if got := <-heard; got != sent {
		t.Errorf("the backend has read %d bytes of %d", got, sent)
	}
	<-drained
}
