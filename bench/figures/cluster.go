package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// patience is how long anything awaited may take.
const patience = time.Minute

// event is what is read of a line of --log json.
type event struct {
	Time   time.Time `json:"time"`
	Event  string    `json:"event"`
	Worker int       `json:"worker"`
	Addr   string    `json:"addr"`
	PID    int       `json:"pid"`
	Line   string    `json:"line"`
	Text   string    `json:"text"`
}

// headless is a cluster that is run without a screen.
type headless struct {
	cmd    *exec.Cmd
	addr   string     // the public one
	events chan event // closed when the program has ended
	seen   map[string]int
}

// startHeadless runs n workers, with flags besides. stop must be called.
func (b *bench) startHeadless(n int, flags ...string) (*headless, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := append([]string{"--log", "json", "--watch=false", "-n", strconv.Itoa(n)}, flags...)
	cmd := exec.Command(b.program, append(args, b.worker, workerRole, addr)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	h := &headless{cmd: cmd, addr: addr, events: make(chan event, 4096), seen: map[string]int{}}
	go h.read(out)
	return h, nil
}

// read passes the events on until the program closes its output.
func (h *headless) read(out io.Reader) {
	defer close(h.events)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			h.events <- e
		}
	}
}

// await reads events until one matches.
func (h *headless) await(ctx context.Context, match func(event) bool) (event, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case e, ok := <-h.events:
			if !ok {
				return event{}, errors.New("the program ended early")
			}
			h.seen[e.Event]++
			if match(e) {
				return e, nil
			}
		case <-ctx.Done():
			return event{}, fmt.Errorf("wait for an event, having seen %v: %w", h.seen, ctx.Err())
		}
	}
}

// count awaits n events of a name and returns the last.
func (h *headless) count(ctx context.Context, name string, n int) (e event, err error) {
	for range n {
		if e, err = h.await(ctx, func(e event) bool { return e.Event == name }); err != nil {
			return e, fmt.Errorf("%s: %w", name, err)
		}
	}
	return e, nil
}

// startServing runs n workers, with flags besides, until they are ready, and returns
// the private address of one of them, too.
func (b *bench) startServing(ctx context.Context, n int, flags ...string) (*headless, string, error) {
	h, err := b.startHeadless(n, flags...)
	if err != nil {
		return nil, "", err
	}
	e, err := h.count(ctx, "worker_ready", n)
	if err != nil {
		h.stop()
		return nil, "", err
	}
	return h, e.Addr, nil
}

// startAlone runs the program that the workers run with nothing around it, until
// it listens, and returns its address. end ends it.
func (b *bench) startAlone(ctx context.Context) (addr string, end func(), err error) {
	if addr, err = freeAddr(); err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, b.worker, workerRole, addr)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return "", nil, err
	}
	end = func() {
		cancel()
		_ = cmd.Wait()
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		end()
		return "", nil, fmt.Errorf("the program on its own: %w", err)
	}
	return addr, end, nil
}

// stop ends the program, and its workers with it.
func (h *headless) stop() {
	if h.cmd.Process.Signal(os.Interrupt) != nil {
		_ = h.cmd.Process.Kill()
	}
	for range h.events { // until its output ends
	}
	_ = h.cmd.Wait()
}
