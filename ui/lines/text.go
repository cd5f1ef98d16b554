package lines

import (
	"strconv"
	"strings"

	"gcl-tui/cluster"
)

// The columns of a text line: time, worker, mark, then what happened. A log
// line has the stream's mark and what the worker wrote.
//
//	15:04:05.000 w1   ● ready     after 29 ms, pid 4121, at 127.0.8.1:8080
//	15:04:05.021 w1   | listening on :8080
//	15:04:05.044 w1   ! deprecated option
const (
	timeLayout  = "15:04:05.000"
	workerWidth = len("w1024")
	wordWidth   = len("listening")
)

// The marks of the two streams.
const (
	markStdout = '|'
	markStderr = '!'
)

// textPrinter prints an event for a person. Its buffer is used for each line.
type textPrinter struct {
	buf   []byte
	color bool
	ascii bool
}

func newTextPrinter(o Options) *textPrinter {
	return &textPrinter{color: o.Color, ascii: o.ASCII}
}

func (p *textPrinter) line(e cluster.Event) ([]byte, error) {
	p.buf = p.buf[:0]
	p.time(e)
	if log, ok := e.Data.(cluster.Log); ok {
		p.log(log)
	} else {
		p.event(e)
	}
	p.buf = append(p.buf, '\n')
	return p.buf, nil
}

func (p *textPrinter) log(l cluster.Log) {
	mark := byte(markStdout)
	if l.Stream == "stderr" {
		mark = markStderr
	}
	p.worker(l.Worker)
	p.buf = append(p.buf, mark, ' ')
	p.buf = appendClean(p.buf, l.Line, p.color)
}

func (p *textPrinter) event(e cluster.Event) {
	s := describe(e.Data)
	if s.word == "" {
		s.word = e.Name()
	}
	p.sentence(e.Level, s)
	for _, err := range s.errors {
		p.buf = append(p.buf, '\n')
		p.time(e)
		p.sentence(e.Level, sentence{tone: toneBad, word: "error", text: err.String()})
	}
}

func (p *textPrinter) time(e cluster.Event) {
	p.buf = e.Time.Local().AppendFormat(p.buf, timeLayout)
	p.buf = append(p.buf, ' ')
}

func (p *textPrinter) sentence(level cluster.Level, s sentence) {
	p.worker(s.worker)
	p.paint(level, s.tone)
	p.buf = append(p.buf, s.tone.mark(p.ascii)...)
	p.unpaint()
	p.buf = append(p.buf, ' ')
	p.buf = appendPadded(p.buf, s.word, wordWidth)
	p.buf = append(p.buf, ' ')
	p.buf = appendClean(p.buf, oneLine(s.text), false)
}

// worker appends the worker's column; 0 is the cluster as a whole.
func (p *textPrinter) worker(slot int) {
	name := ""
	if slot > 0 {
		name = "w" + strconv.Itoa(slot)
	}
	p.buf = append(appendPadded(p.buf, name, workerWidth), ' ')
}

func (p *textPrinter) paint(level cluster.Level, t tone) {
	if p.color {
		p.buf = append(p.buf, t.sgr(level)...)
	}
}

func (p *textPrinter) unpaint() {
	if p.color {
		p.buf = append(p.buf, resetSGR...)
	}
}

func appendPadded(dst []byte, s string, width int) []byte {
	dst = append(dst, s...)
	for n := len(s); n < width; n++ {
		dst = append(dst, ' ')
	}
	return dst
}

// oneLine keeps an event on its line, whatever a reason or path holds.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' }), "; ")
}
