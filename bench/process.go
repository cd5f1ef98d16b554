package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// group is the processes that were started.
type group struct{ running []*process }

type process struct {
	cmd    *exec.Cmd
	output bytes.Buffer
	ended  chan struct{}
}

// place stands for the address in a command.
const place = "ADDR"

// start starts a server on a free address, which it is told in the place of
// place, and waits until it accepts connections there.
func (s *starter) start(program string, args ...string) (addr string, err error) {
	if addr, err = freeAddr(); err != nil {
		return "", err
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, place, addr)
	}
	return addr, s.startAt(addr, program, args...)
}

// startAt starts a server that knows its address.
func (s *starter) startAt(addr, program string, args ...string) error {
	cmd := exec.CommandContext(s.ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return s.run(cmd, addr)
}

// run starts a server and waits until it accepts connections on addr.
func (g *group) run(cmd *exec.Cmd, addr string) error {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	cmd.SysProcAttr = ownSession()
	if err := cmd.Start(); err != nil {
		return err
	}
	g.running = append(g.running, p)
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	return p.await(addr)
}

func (p *process) await(addr string) error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if c, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			return c.Close()
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended: %s", p.cmd.Path, p.output.Bytes())
		case <-time.After(10 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s does not listen on %s", p.cmd.Path, addr)
}

// alive returns an error if one has ended: of two on one address, awaiting the
// second tells nothing.
func (g *group) alive() error {
	for _, p := range g.running {
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended: %s", p.cmd.Path, p.output.Bytes())
		default:
		}
	}
	return nil
}

// stop ends all of them, the last one first, and waits for it.
func (g *group) stop() {
	for i := len(g.running) - 1; i >= 0; i-- {
		p := g.running[i]
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(5 * time.Second):
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	}
}

// freeAddr returns a loopback address that was free a moment ago.
func freeAddr() (string, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}
