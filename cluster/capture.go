package cluster

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
)

// maxLine is where a longer line of a worker is cut; the rest follows as lines
// of their own.
const maxLine = 32 << 10

// readLines hands every line of r to emit, without its line end, until r ends.
// What follows the last line end is a line too. emit must not block for long:
// the worker does if its pipe is full.
func readLines(r io.Reader, emit func(line []byte)) {
	in := bufio.NewReaderSize(r, maxLine)
	for cut := false; ; {
		line, err := in.ReadSlice('\n')
		line, ended := bytes.CutSuffix(line, []byte{'\n'})
		if ended {
			line = bytes.TrimSuffix(line, []byte{'\r'})
		}
		// A line end right behind a cut makes no blank line.
		if len(line) > 0 || ended && !cut {
			emit(line)
		}
		cut = errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !cut {
			return
		}
	}
}

// output captures what a worker writes, and remembers the end of it.
type output struct {
	slot   int
	append func(Level, EventData) Event
	ended  chan struct{}   // closed when both streams have ended
	open   *sync.WaitGroup // of all outputs; may be nil

	mu   sync.Mutex
	tail []string // the last lines of stderr
}

// How much of stderr is kept to explain a crash: lines, and bytes of each.
const (
	keptTail     = 200
	keptTailLine = 4 << 10
)

// pipes returns the ends for the process. Closing them is the caller's. The
// goroutines that read the other ends finish when no process has them open.
func (o *output) pipes() (stdout, stderr *os.File, err error) {
	outR, outW, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	errR, errW, err := os.Pipe()
	if err != nil {
		_ = outR.Close()
		_ = outW.Close()
		return nil, nil, err
	}
	o.ended = make(chan struct{})
	if o.open != nil {
		o.open.Add(1)
	}
	var streams sync.WaitGroup
	streams.Go(func() { o.read("stdout", outR) })
	streams.Go(func() { o.read("stderr", errR) })
	go func() {
		streams.Wait()
		close(o.ended)
		if o.open != nil {
			o.open.Done()
		}
	}()
	return outW, errW, nil
}

func (o *output) read(stream string, r *os.File) {
	defer func() { _ = r.Close() }()
	readLines(r, func(line []byte) {
		text := string(line)
		if stream == "stderr" {
			o.remember(text)
		}
		o.append(LevelInfo, Log{Worker: o.slot, Stream: stream, Line: text})
	})
}

func (o *output) remember(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.tail) == keptTail {
		o.tail = append(o.tail[:0], o.tail[1:]...)
	}
	if len(line) > keptTailLine {
		line = strings.Clone(line[:keptTailLine])
	}
	o.tail = append(o.tail, line)
}

// lastWords returns the line of stderr that best says why the process ended:
// the message of a Go panic or fatal error, or else the last line that is not
// blank, which is where Python and others put it. Empty if there is none.
func (o *output) lastWords() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return lastWords(o.tail)
}

func lastWords(tail []string) string {
	for i := len(tail) - 1; i >= 0; i-- {
		if isPanic(tail[i]) {
			return tail[i]
		}
	}
	for i := len(tail) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(tail[i]); isNodeError(line) {
			return line
		}
	}
	for i := len(tail) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(tail[i]); line != "" {
			return line
		}
	}
	return ""
}

// isPanic recognises the message of a Go panic or fatal error, below which comes
// the stack.
func isPanic(line string) bool {
	return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
}

// isNodeError recognises the message of an uncaught error in Node, below which
// come the stack and the version.
func isNodeError(line string) bool {
	name, _, found := strings.Cut(line, ": ")
	if !found {
		return false
	}
	name, _, _ = strings.Cut(name, " [") // as in "Error [ERR_X]: …"
	return name == "Error" || strings.HasSuffix(name, "Error") && !strings.ContainsAny(name, " \t./")
}
