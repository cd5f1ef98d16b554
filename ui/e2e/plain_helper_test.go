//go:build linux

package e2e

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// plainRun is the program with its output as it is.
type plainRun struct {
	t        *testing.T
	cmd      *exec.Cmd
	mark     string
	out, err *output
	stdout   *os.File // the reading end
	copied   sync.WaitGroup
}

// output collects what a stream says. It is safe from any goroutine.
type output struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // holds a token after text has changed
}

func newOutput() *output { return &output{changed: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.changed <- struct{}{}:
	default:
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (o *output) await(t *testing.T, text string) {
	t.Helper()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for !strings.Contains(o.String(), text) {
		select {
		case <-o.changed:
		case <-timeout.C:
			t.Fatalf("no %q in %v; it said %q", text, deadline, o.String())
		}
	}
}

// newPlain returns argv ready to be started. When the test ends, nothing must
// be left of it.
func newPlain(t *testing.T, env []string, argv ...string) *plainRun {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*deadline)
	t.Cleanup(cancel)
	p := &plainRun{t: t, mark: newMark(t), out: newOutput(), err: newOutput()}
	p.cmd = exec.CommandContext(ctx, argv[0], argv[1:]...)
	p.cmd.Env = append(append(os.Environ(), p.mark), env...)
	p.cmd.Stderr = p.err
	return p
}

// start starts it, with stdout to a pipe unless it has one already.
func (p *plainRun) start() {
	p.t.Helper()
	if p.cmd.Stdout == nil {
		reader, writer, err := os.Pipe()
		if err != nil {
			p.t.Fatal(err)
		}
		defer writer.Close()
		p.stdout, p.cmd.Stdout = reader, writer
		p.copied.Go(func() { _, _ = io.Copy(p.out, reader) }) // ends when either end is closed
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Signal(syscall.SIGTERM)
			p.wait()
		}
		requireNothingLeft(p.t, p.mark)
		p.closeStdout()
	})
}

// startPlain starts the program.
func startPlain(t *testing.T, env []string, args ...string) *plainRun {
	t.Helper()
	p := newPlain(t, env, append([]string{gclTUI}, args...)...)
	p.start()
	return p
}

// startShell starts a shell's script with arguments, from $0 on.
func startShell(t *testing.T, script string, args ...string) *plainRun {
	t.Helper()
	p := newPlain(t, nil, append([]string{"sh", "-c", script}, args...)...)
	p.start()
	return p
}

func (p *plainRun) awaitStdout(text string) { p.t.Helper(); p.out.await(p.t, text) }
func (p *plainRun) stderr() string          { return p.err.String() }

// closeStdout closes the reading end, as a reader that has seen enough does.
func (p *plainRun) closeStdout() {
	if p.stdout != nil {
		p.stdout.Close()
	}
	p.copied.Wait()
}

func (p *plainRun) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// wait returns the exit code.
func (p *plainRun) wait() int {
	_ = p.cmd.Wait() // its code says it
	return p.cmd.ProcessState.ExitCode()
}

func itoa(n int) string { return strconv.Itoa(n) }

func lastLine(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return lines[len(lines)-1]
}
