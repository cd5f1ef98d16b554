//go:build unix

package proc

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// KeeperArg is the first argument of a process that is to call RunKeeper.
const KeeperArg = "gcl-tui:keeper"

// keeper is the process that kills all workers when the master is gone. The
// master tells it of them through a pipe; at its end the keeper acts. One that
// dies is replaced.
type keeper struct {
	pid     int
	pipe    *os.File
	closing chan struct{}
	done    chan struct{} // closed when the goroutine that waits for it has ended
}

// A keeper that dies within quickDeath more than maxQuickDeaths times in a row
// is not replaced: its executable may have been exchanged for something else.
const (
	quickDeath     = time.Second
	maxQuickDeaths = 10
)

// startKeeper starts the keeper and sees to it that there is one until it is
// closed. The Spawner's lock guards pid and pipe.
func (s *Spawner) startKeeper(exe string) (*keeper, error) {
	k := &keeper{closing: make(chan struct{}), done: make(chan struct{})}
	if err := k.fork(exe, s.mark, s.null); err != nil {
		return nil, err
	}
	go s.keepKeeper(k, exe)
	return k, nil
}

// fork starts the process in a session of its own, so that nothing that ends
// the master's terminal ends it too.
func (k *keeper) fork(exe, mark string, null *os.File) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	pid, err := waited.fork(func() (int, error) {
		return syscall.ForkExec(exe, []string{"gcl-tui", KeeperArg, mark}, &syscall.ProcAttr{
			Env: os.Environ(),
			// It must not hold the terminal or a pipe that somebody reads.
			Files: []uintptr{r.Fd(), null.Fd(), null.Fd()},
			Sys:   &syscall.SysProcAttr{Setsid: true},
		})
	})
	if err != nil {
		_ = w.Close()
		return err
	}
	k.pid, k.pipe = pid, w
	return nil
}

// keepKeeper waits for the keeper and replaces it until it is closed.
func (s *Spawner) keepKeeper(k *keeper, exe string) {
	defer close(k.done)
	for pid, quick := k.pid, 0; ; {
		born := time.Now()
		_, _ = awaitExit(pid)
		if quick++; time.Since(born) > quickDeath {
			quick = 0
		}
		s.mu.Lock()
		waited.reap(pid)
		_ = k.pipe.Close()
		select {
		case <-k.closing:
			s.mu.Unlock()
			return
		default:
		}
		if quick > maxQuickDeaths {
			s.mu.Unlock()
			return // it cannot live here: the parent-death signal must do
		}
		err := k.fork(exe, s.mark, s.null)
		for pid := range s.started {
			k.add(pid)
		}
		for session := range s.strays {
			k.add(session)
		}
		pid = k.pid
		s.mu.Unlock()
		if err != nil {
			return // no process to be had: the parent-death signal must do
		}
	}
}

// add and remove are called with the Spawner's lock held. A keeper that has
// just died is told again once it is replaced.
func (k *keeper) add(pid int)    { _, _ = fmt.Fprintf(k.pipe, "+%d\n", pid) }
func (k *keeper) remove(pid int) { _, _ = fmt.Fprintf(k.pipe, "-%d\n", pid) }

// close ends the keeper, by the end of its pipe, and waits for it.
func (s *Spawner) closeKeeper(k *keeper) {
	s.mu.Lock()
	close(k.closing)
	_ = k.pipe.Close()
	s.mu.Unlock()
	<-k.done
}

// RunKeeper is the keeper's life: it reads from standard input which groups
// live, and at the end of it kills them and all that carry mark.
func RunKeeper(mark string) {
	signal.Ignore(unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGPIPE)
	var trees []tree
	for pid := range readPIDs(os.Stdin) {
		trees = append(trees, tree{pid: pid, mark: MarkVar + "=" + mark + "."})
	}
	trees = append(trees, tree{mark: MarkVar + "=" + mark + "."})
	killTree(trees)
}

// readPIDs reads lines of "+PID" and "-PID" up to the end and returns what is left.
func readPIDs(r io.Reader) map[int]bool {
	live := map[int]bool{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if len(line) < 2 {
			continue
		}
		pid, err := strconv.Atoi(line[1:])
		if err != nil || pid <= 1 {
			continue
		}
		switch line[0] {
		case '+':
			live[pid] = true
		case '-':
			delete(live, pid)
		}
	}
	return live
}
