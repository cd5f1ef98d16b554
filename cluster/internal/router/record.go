package router

import (
	"bytes"
	"strconv"
	"sync"
	"unicode"
	"unicode/utf8"
)

// lineSize is how much of a request's method and target is remembered.
const lineSize = 200

// record is what the feed knows of a request. Those no longer needed are used
// again.
type record struct {
	at, took       int64 // clock time of its first byte; until its last
	in, out        int64 // bytes from and to the client
	stands         uint32
	worker         int
	status         int
	fault          Fault
	held, replayed bool
	cut            bool // the line goes on
	size           int
	line           [lineSize]byte // method, space, target
}

var records = sync.Pool{New: func() any { return new(record) }}

// drop gives back a record that nobody refers to.
func drop(r *record) {
	if r != nil {
		*r = record{}
		records.Put(r)
	}
}

// setLine takes over what comes before the version in a certain request line.
func (r *record) setLine(head []byte) {
	method := bytes.IndexByte(head, ' ')
	target := bytes.IndexByte(head[method+1:], ' ')
	n := copy(r.line[:], head[:method+1+target])
	r.size, r.cut = n, n < method+1+target
}

// put adds to the line.
func (r *record) put(s string) {
	n := copy(r.line[r.size:], s)
	r.size += n
	r.cut = r.cut || n < len(s)
}

// Fault says why a request has no whole response of a worker.
type Fault int8

// The faults.
const (
	NoFault    Fault = iota
	NoWorker         // none was ready in time: answered 503
	WorkerLost       // the worker was lost before it answered: answered 502
	CutShort         // the worker was lost, or gave up, within its response
	ClientLeft       // the client was gone before the end of the response
	NotHTTP          // the response was no certain HTTP, and was passed on as it came
)

var faults = [...]string{"", "no worker", "worker lost", "cut short", "client left", "not HTTP"}

// String returns a few words, none for NoFault.
func (f Fault) String() string { return faults[f] }

// printable returns b as text without anything that a terminal might act on:
// what is no graphic character (controls, invalid UTF-8, direction marks) is
// written as \x1b or \u202e.
func printable(b []byte) string {
	i := 0
	for i < len(b) && ' ' <= b[i] && b[i] < 0x7f {
		i++
	}
	if i == len(b) {
		return string(b)
	}
	text := append(make([]byte, 0, len(b)+16), b[:i]...)
	for i < len(b) {
		c, n := utf8.DecodeRune(b[i:])
		switch {
		case c == utf8.RuneError && n == 1:
			text = append(text, `\x`...)
			text = append(text, strconv.FormatUint(uint64(b[i])|0x100, 16)[1:]...)
		case unicode.IsGraphic(c):
			text = append(text, b[i:i+n]...)
		default:
			quoted := strconv.AppendQuoteRuneToASCII(nil, c)
			text = append(text, quoted[1:len(quoted)-1]...)
		}
		i += n
	}
	return string(text)
}
