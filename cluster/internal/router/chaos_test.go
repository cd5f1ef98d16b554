package router

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestChaos lets clients and workers do to each other whatever is allowed, and
// much that is not. Each request has a number and each response repeats it with
// the checksum of the body: whatever goes wrong, nobody may ever be given
// anything that belongs to another request.
func TestChaos(t *testing.T) {
	const clients, each = 12, 60
	r, p := newRouter(t, Options{})
	var seed atomic.Uint64
	random := func() *rand.Rand { return rand.New(rand.NewPCG(20, seed.Add(1))) }
	for id := range 3 {
		w := newWorker(t, func(_ *worker, c sock) { chaoticWorker(c, random()) })
		backend(r, p, id, addrOf(w.ln))
	}
	var wg sync.WaitGroup
	var answers, failures atomic.Int64
	for id := range clients {
		wg.Go(func() {
			rnd := random()
			for n := 0; n < each; {
				c := dialRouter(t, p.Addr())
				s := &session{t: t, c: c, rnd: rnd, id: id}
				n += s.run(rnd.IntN(12) + 1)
				c.Close()
				answers.Add(s.answers)
				failures.Add(s.failures)
			}
		})
	}
	wg.Wait()
	if answers.Load() < clients*each/4 {
		t.Errorf("%d answers, %d failures: too few to mean anything", answers.Load(), failures.Load())
	}
	eventually(t, "all connections end", func() bool { return r.openConns.Load() == 0 })
	if s := r.Stats(); s.InFlight != 0 || s.Tunnels != 0 || s.Held != 0 {
		t.Errorf("left behind: %+v", s)
	}
}

// numberField carries a request's number there and back.
const numberField = "X-Number"

// chaoticWorker serves one connection until it does something unfriendly.
func chaoticWorker(c sock, rnd *rand.Rand) {
	in := bufio.NewReader(c)
	for {
		q, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		number := q.Header.Get(numberField)
		early := rnd.IntN(8) == 0
		sum := "early"
		if !early {
			body, err := io.ReadAll(q.Body)
			if err != nil {
				return
			}
			sum = checksum(body)
		}
		if !chaoticAnswer(c, rnd, q.Method, number, sum) {
			return
		}
		if _, err := io.Copy(io.Discard, q.Body); err != nil {
			return
		}
	}
}

func checksum(b []byte) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(b)) }

// chaoticAnswer answers in one way of many and reports whether the connection
// goes on.
func chaoticAnswer(c sock, rnd *rand.Rand, method, number, sum string) bool {
	head := "HTTP/1.1 200 OK\r\n" + numberField + ": " + number + "\r\n"
	body := sum + strings.Repeat("z", rnd.IntN(2)*rnd.IntN(100_000))
	if method == http.MethodHead {
		fmt.Fprintf(c, "%sContent-Length: %d\r\n\r\n", head, len(body))
		if rnd.IntN(2) == 0 {
			fmt.Fprint(c, body) // which is forbidden
		}
		return true
	}
	sized := fmt.Sprintf("%sContent-Length: %d\r\n\r\n", head, len(body))
	coded := fmt.Sprintf("%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", head, len(body), body)
	switch rnd.IntN(16) {
	case 0: // nothing
		return false
	case 1:
		c.abort()
		return false
	case 2: // half a head
		fmt.Fprint(c, head)
		return false
	case 3: // half a body
		fmt.Fprint(c, sized+body[:len(body)/2])
		return false
	case 4: // until close
		fmt.Fprint(c, head+"\r\n"+body)
		return false
	case 5: // announced end
		fmt.Fprint(c, strings.Replace(sized, "\r\n", "\r\nConnection: close\r\n", 1)+body)
		return false
	case 6: // unannounced end
		fmt.Fprint(c, sized+body)
		return false
	case 7, 8:
		fmt.Fprint(c, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"+coded)
	case 9, 10, 11:
		fmt.Fprint(c, coded)
	default:
		fmt.Fprint(c, sized+body)
	}
	return true
}

// session is one connection of a client.
type session struct {
	t   *testing.T
	c   sock
	rnd *rand.Rand
	id  int

	answers, failures int64
}

// sent is a request that waits for its answer.
type sent struct{ method, number, sum string }

// run sends up to n requests, some of them before the answer to the one before
// has come, and returns how many.
func (s *session) run(n int) int {
	in := bufio.NewReader(s.c)
	for done := 0; done < n; {
		var batch []sent
		var text strings.Builder
		for range s.rnd.IntN(3) + 1 {
			batch = append(batch, s.compose(&text))
		}
		done += len(batch)
		go s.write(text.String(), s.rnd.IntN(text.Len()))
		if s.rnd.IntN(15) == 0 {
			return done // leaves without a word
		}
		for _, q := range batch {
			if !s.read(in, q) {
				return done
			}
		}
	}
	return n
}

// write sends text in two pieces. It ends when that is done or the connection is
// closed.
func (s *session) write(text string, cut int) {
	fmt.Fprint(s.c, text[:cut])
	fmt.Fprint(s.c, text[cut:])
}

// compose adds a request to text.
func (s *session) compose(text *strings.Builder) sent {
	q := sent{method: "GET", number: fmt.Sprintf("%d-%d", s.id, s.rnd.Uint64())}
	var body []byte
	framing := ""
	switch s.rnd.IntN(5) {
	case 0:
		q.method = "HEAD"
	case 1, 2:
		q.method = []string{"POST", "PUT"}[s.rnd.IntN(2)]
		body = []byte(strings.Repeat("b", s.rnd.IntN(2)*s.rnd.IntN(60_000)))
		framing = fmt.Sprintf("Content-Length: %d\r\n", len(body))
		if s.rnd.IntN(2) == 0 {
			framing = "Transfer-Encoding: chunked\r\n"
		}
	}
	q.sum = checksum(body)
	fmt.Fprintf(text, "%s / HTTP/1.1\r\nHost: a\r\n%s: %s\r\n%s\r\n", q.method, numberField, q.number, framing)
	if strings.HasPrefix(framing, "T") {
		fmt.Fprintf(text, "%x\r\n%s\r\n0\r\n\r\n", max(len(body), 1), append(body, "b"[:btoi(len(body) == 0)]...))
		if len(body) == 0 {
			q.sum = checksum([]byte("b"))
		}
		return q
	}
	text.Write(body)
	return q
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// read reads the answer to q and reports whether the connection goes on.
func (s *session) read(in *bufio.Reader, q sent) bool {
	var resp *http.Response
	for {
		var err error
		resp, err = http.ReadResponse(in, &http.Request{Method: q.method})
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !isReset(err) {
				s.t.Errorf("%s %s: %v", q.method, q.number, err)
			}
			s.failures++
			return false
		}
		if resp.StatusCode >= 200 {
			break
		}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if resp.StatusCode == http.StatusBadGateway {
		s.failures++
		return err == nil && !resp.Close
	}
	if got := resp.Header.Get(numberField); got != q.number {
		s.t.Errorf("%s %s was given the answer to %q", q.method, q.number, got)
		return false
	}
	if sum := string(body[:min(len(body), 8)]); q.method != "HEAD" && err == nil && sum != q.sum && sum[:5] != "early" {
		s.t.Errorf("%s %s: its body arrived as %s, not %s", q.method, q.number, sum, q.sum)
	}
	if err != nil {
		s.failures++
		return false
	}
	s.answers++
	return !resp.Close && resp.ContentLength != -1 || len(resp.TransferEncoding) > 0
}
