package router

import (
	"fmt"
	"strings"
)

// manner is how a client leaves.
type manner string

const (
	byReset manner = "reset"
	byEnd   manner = "end"   // of its direction: it goes on reading
	byClose manner = "close" // which looks the same until it is sent something
)

// point is where in a dialogue the client leaves: in a turn, after n bytes of its own
// part or of the worker's. Of a client that pipelines it is n bytes of all it says.
type point struct {
	turn     int
	byWorker bool
	n        int
	how      manner
}

func (at point) String() string {
	who := "client"
	if at.byWorker {
		who = "worker"
	}
	return fmt.Sprintf("%s at %d of the %s's turn %d", at.how, at.n, who, at.turn)
}

// points returns all there are in d for one way of leaving.
func (d dialogue) points(how manner) (all []point) {
	for i, turn := range d.turns {
		ask := turn.ask
		if d.pipelines {
			ask = d.asked(len(d.turns))
		}
		if !d.pipelines || i == 0 {
			for n := range len(ask) + 1 {
				all = append(all, point{i, false, n, how})
			}
		}
		last := len(turn.answer)
		if d.pipelines && i+1 < len(d.turns) {
			last-- // the next begins there
		}
		for n := range last + 1 {
			all = append(all, point{i, true, n, how})
		}
	}
	return all
}

// blind says whether nobody can tell that the client has left, because what it has
// said behind the request at hand comes before its end.
func (at point) blind(d dialogue) bool {
	behind := at.byWorker && at.turn+1 < len(d.turns) || !at.byWorker && at.n > len(d.turns[0].ask)
	return at.how == byClose && d.pipelines && behind
}

// felt says whether the worker must feel that the client leaves before it has
// answered.
func (at point) felt(d dialogue) bool { return at.how != byEnd && !at.blind(d) }

// departure is what must come of it that a client leaves.
type departure struct {
	before string // what the worker has seen when it does
	seen   string // and in the end
	ending string // of the worker's connection, if within the dialogue
	told   bool   // the worker comes to answer in the turn of the point

	has, got string // what the client has read before, and still reads

	answered, aborted int // requests
}

// finals returns how many requests are answered within the first n turns.
func (d dialogue) finals(n int) (sum int) {
	for _, turn := range d.turns[:n] {
		sum += btoi(turn.final)
	}
	return sum
}

// departure says what must come of it that a client leaves at a point.
func (d dialogue) departure(at point) departure {
	if at.byWorker {
		return d.whileAnswered(at)
	}
	first := len(d.turns[0].ask)
	if d.pipelines && at.n > first {
		return d.withMoreBehind(at)
	}
	return d.whileAsking(at)
}

// whileAsking is a departure within the client's part of a turn.
func (d dialogue) whileAsking(at point) departure {
	i, turn := at.turn, d.turns[at.turn]
	passed := turn.goesOn || at.n >= headOf(turn.ask)
	between := at.n == 0 && i > 0 && !turn.goesOn
	tunnelled := d.tunnel && i > 0
	w := departure{before: d.asked(i), told: at.n == len(turn.ask), has: d.answered(0), answered: d.finals(i)}
	w.has = strings.TrimSuffix(w.has, d.answered(i))
	w.seen = w.before
	if passed {
		w.before += turn.ask[:at.n]
	}
	if between || at.how == byReset && !passed {
		return w
	}
	w.seen += turn.ask[:at.n]
	if at.how != byEnd {
		w.ending, w.aborted = string(at.how), btoi(passed && !tunnelled)
		return w.closed()
	}
	if w.told {
		w.got = turn.answer
		w.answered += btoi(turn.final)
	}
	if !w.told || d.goesOn(i+1) {
		w.got += farewell
		w.ending = "end"
		w.answered += btoi(passed && !d.tunnel || !d.tunnel && w.told)
		w.answered += btoi(d.tunnel && i == 0 && passed && !w.told)
	}
	return w
}

// withMoreBehind is a departure within what comes after the first request.
func (d dialogue) withMoreBehind(at point) departure {
	first, next := d.turns[0], d.turns[1]
	n := at.n - len(first.ask)
	w := departure{before: first.ask, seen: first.ask, told: true}
	if at.how != byEnd {
		w.ending, w.aborted = string(at.how), 1
		return w.closed()
	}
	w.seen += next.ask[:n]
	w.answered = 1 + btoi(n >= headOf(next.ask))
	w.got, w.ending = first.answer+farewell, "end"
	if n == len(next.ask) {
		w.got, w.ending = first.answer+next.answer, ""
	}
	return w
}

// whileAnswered is a departure within the worker's part of a turn.
func (d dialogue) whileAnswered(at point) departure {
	i, turn := at.turn, d.turns[at.turn]
	whole := at.n == len(turn.answer)
	w := departure{before: d.asked(i + 1), seen: d.asked(i + 1), told: true}
	w.has = strings.TrimSuffix(d.answered(0), d.answered(i)) + turn.answer[:visible(turn.answer, at.n)]
	switch {
	case at.how == byEnd && d.pipelines:
		w.seen, w.answered = d.asked(len(d.turns)), d.finals(len(d.turns))
		w.got = d.answered(0)[len(w.has):]
	case at.how == byEnd:
		w.got = turn.answer[visible(turn.answer, at.n):]
		w.answered = d.finals(i + 1)
		if d.goesOn(i + 1) {
			w.got += farewell
			w.ending = "end"
			w.answered += btoi(!d.tunnel)
		}
	default:
		w.answered = d.finals(i + btoi(whole))
		if !whole || d.goesOn(i+1) {
			tunnelled := d.tunnel && (i > 0 || whole)
			w.ending, w.aborted = string(at.how), btoi(!tunnelled)
		}
	}
	return w.closed()
}

// closed takes for the end what a close looks like.
func (w departure) closed() departure {
	if w.ending == string(byClose) {
		w.ending = string(byEnd)
	}
	return w
}

func headOf(text string) int { return strings.Index(text, "\r\n\r\n") + 4 }

// visible returns how many of the first n bytes of an answer the client is given:
// of a head, all or nothing.
func visible(answer string, n int) int {
	seen := 0
	for strings.HasPrefix(answer[seen:], "HTTP/1.1 ") {
		end := seen + headOf(answer[seen:])
		if n < end {
			return seen
		}
		interim := strings.HasPrefix(answer[seen:], "HTTP/1.1 10") && !strings.HasPrefix(answer[seen:], "HTTP/1.1 101")
		if seen = end; !interim {
			return n
		}
	}
	return n
}
