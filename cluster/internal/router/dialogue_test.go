package router

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// dialogue is what one client and a worker say to each other. A client that
// pipelines says all of its part at once.
type dialogue struct {
	name      string
	turns     []turn
	pipelines bool
	tunnel    bool // it is one from the end of the first turn on
}

// turn is what the client says and what the worker answers to that.
type turn struct {
	ask, answer string
	goesOn      bool // within the request of the turn before, or the tunnel
	final       bool // the request is answered with it
}

// asked returns what the client has said in the first n turns.
func (d dialogue) asked(n int) string {
	var all strings.Builder
	for _, turn := range d.turns[:n] {
		all.WriteString(turn.ask)
	}
	return all.String()
}

// answered returns what the worker says in all turns from the nth on.
func (d dialogue) answered(n int) string {
	var all strings.Builder
	for _, turn := range d.turns[n:] {
		all.WriteString(turn.answer)
	}
	return all.String()
}

// goesOn says whether more is to come of the client, on the same connection to the
// worker, after its first n turns.
func (d dialogue) goesOn(n int) bool {
	return d.tunnel && n > 0 || n < len(d.turns) && d.turns[n].goesOn
}

const (
	witnessRequest  = "GET /witness HTTP/1.1\r\n\r\n"
	witnessResponse = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwitness"
	// farewell is the answer to a client that ends within what it says.
	farewell = "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
)

// partner is a worker that plays its part of one dialogue up to a point, and any
// number of others, with whoever else asks.
type partner struct {
	*worker
	d  dialogue
	at point

	told   chan struct{} // closed when it has said what comes before the point
	goOn   chan struct{} // closed for it to say the rest
	mu     sync.Mutex
	turn   int    // of the dialogue
	seen   string // of what the client says in it
	ending string // of the connection that it was on, if it ended within it
}

func newPartner(t *testing.T, d dialogue, at point) *partner {
	t.Helper()
	p := &partner{d: d, at: at, told: make(chan struct{}), goOn: make(chan struct{})}
	p.worker = newWorker(t, p.serve)
	return p
}

// view returns what was seen of the dialogue, and how it has ended.
func (p *partner) view() (seen, ending string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen, p.ending
}

// serve is the end of each connection to the worker.
func (p *partner) serve(_ *worker, c sock) {
	var heard string // since the worker has spoken
	var b [4 << 10]byte
	fresh, within := true, false
	for {
		n, err := c.Read(b[:])
		if err != nil {
			if fresh || within || heard != "" {
				p.bereaved(c, err)
			}
			return
		}
		heard, fresh = heard+string(b[:n]), false
		switch {
		case heard == witnessRequest:
			fmt.Fprint(c, witnessResponse)
			heard = ""
		case strings.HasPrefix(witnessRequest, heard) && len(heard) > len("GET /"):
		case p.hear(string(b[:n]), heard):
			within = p.answer(c)
			heard = ""
		}
	}
}

// hear takes note of what is new in what was heard, and reports whether that
// ends the client's part of a turn.
func (p *partner) hear(news, heard string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen += news
	if p.turn == len(p.d.turns) || !strings.HasPrefix(p.d.turns[p.turn].ask, heard) {
		p.tb.Errorf("in turn %d the worker read %q", p.turn, heard)
		return false
	}
	return heard == p.d.turns[p.turn].ask
}

// answer says the worker's part of a turn, and reports whether the dialogue goes on
// with the same connection.
func (p *partner) answer(c sock) bool {
	p.mu.Lock()
	i := p.turn
	p.turn++
	p.mu.Unlock()
	text := p.d.turns[i].answer
	if p.at.turn == i {
		said := 0
		if p.at.byWorker {
			said = p.at.n
		}
		if said > 0 {
			fmt.Fprint(c, text[:said])
		}
		close(p.told)
		if said < len(text) && p.at.felt(p.d) {
			return true
		}
		<-p.goOn
		text = text[said:]
	}
	if text != "" { // a write of nothing would take the news of a reset
		fmt.Fprint(c, text)
	}
	return p.d.goesOn(i + 1)
}

// bereaved takes note of a connection that ends within the dialogue. A client that
// has only ended its direction is answered.
func (p *partner) bereaved(c sock, err error) {
	p.mu.Lock()
	p.ending = "end"
	if isReset(err) {
		p.ending = "reset"
	}
	p.mu.Unlock()
	if p.at.how == byEnd {
		fmt.Fprint(c, farewell)
	}
}
