package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/creack/pty"
)

// What a terminal is asked and told (XTerm Control Sequences): the background
// colour, and the end of a synchronized update, with which a frame is whole.
const (
	askBackground  = "\x1b]11;?"
	tellBackground = "\x1b]11;rgb:1111/1111/1111\x1b\\"
	frameEnd       = "\x1b[?2026l"
)

// screen is a cluster on a terminal of 120 columns and 36 rows.
type screen struct {
	cmd     *exec.Cmd
	tty     *os.File
	began   time.Time
	frame   chan time.Time // gets when the first frame was whole
	ready   chan struct{}  // closed when all workers are ready
	ended   chan struct{}  // closed when the terminal has been closed
	answers bool           // the terminal tells its background
}

// startScreen runs n workers. stop must be called.
func (b *bench) startScreen(n int, answers bool) (*screen, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	s := &screen{
		cmd:   exec.Command(b.program, "-n", strconv.Itoa(n), b.worker, workerRole, addr),
		frame: make(chan time.Time, 1), ready: make(chan struct{}), ended: make(chan struct{}),
		answers: answers,
	}
	s.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor")
	s.began = time.Now()
	if s.tty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Cols: 120, Rows: 36}); err != nil {
		return nil, fmt.Errorf("start the screen: %w", err)
	}
	go s.watch(fmt.Sprintf("%d/%d ready", n, n))
	return s, nil
}

// watch reads what the program draws until it closes the terminal.
func (s *screen) watch(allReady string) {
	defer close(s.ended)
	var seen []byte
	buf := make([]byte, 64<<10)
	asked, framed, ready := false, false, false
	for {
		n, err := s.tty.Read(buf)
		if err != nil {
			return
		}
		if ready {
			continue // all that was of interest has been seen
		}
		seen = append(seen, buf[:n]...)
		if !asked && s.answers && bytes.Contains(seen, []byte(askBackground)) {
			asked = true
			_, _ = s.tty.WriteString(tellBackground)
		}
		if !framed && bytes.Contains(seen, []byte(frameEnd)) {
			framed = true
			s.frame <- time.Now()
		}
		if ready = framed && bytes.Contains(seen, []byte(allReady)); ready {
			close(s.ready)
		}
	}
}

// wait waits for c, which the program's end would leave silent.
func wait[T any](ctx context.Context, s *screen, c <-chan T) (T, error) {
	var none T
	select {
	case v := <-c:
		return v, nil
	case <-s.ended:
		return none, fmt.Errorf("the program closed its terminal")
	case <-time.After(patience):
		return none, fmt.Errorf("nothing for %v", patience)
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// stop ends the program as ctrl+c does.
func (s *screen) stop() {
	_, _ = s.tty.WriteString("\x03")
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		_ = s.cmd.Process.Kill()
	}
	_ = s.tty.Close()
	_ = s.cmd.Wait()
}
