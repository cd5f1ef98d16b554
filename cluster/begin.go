package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/metrics"
	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/router"
)

// check returns the executable of the command, if there is one, or one sentence that says what
// is wrong with the options.
func (o Options) check() (path string, err error) {
	if o.Workers < 1 || o.Workers > MaxWorkers {
		return "", fmt.Errorf("%d workers: the count goes from 1 to %d", o.Workers, MaxWorkers)
	}
	if o.Balance != LeastInFlight && o.Balance != RoundRobin && o.Balance != Kernel {
		return "", fmt.Errorf("balance %q: want %s, %s or %s", o.Balance, LeastInFlight, RoundRobin, Kernel)
	}
	if _, err := proc.ParseSignal(o.StopSignal); err != nil {
		return "", fmt.Errorf("stop signal %w", err)
	}
	for _, p := range o.Ports {
		if _, err := parsePort(p); err != nil {
			return "", err
		}
	}
	if o.Balance == Kernel && o.Ready.Kind == ReadyHTTP {
		return "", errors.New("ready http: with balance kernel a worker has no address of its own to ask; use listen, notify or delay")
	}
	if o.Balance == Kernel && o.LiveReload {
		return "", errors.New("live reload: with balance kernel nobody sees the pages that workers give out; use least or roundrobin")
	}
	if len(o.Command) == 0 {
		return "", nil
	}
	return executable(o.Command[0])
}

// executable returns the absolute path of a program, given as a path or a name
// on PATH: it is looked for from here, and the workers may start elsewhere.
func executable(name string) (path string, err error) {
	path, err = exec.LookPath(name)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", fmt.Errorf("run %s: %w", name, errors.Unwrap(err))
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", fmt.Errorf("run %s: %w", name, err)
	}
	return path, nil
}

// newOwner acquires what a master needs: a loopback network, a spawner, a
// router and the ports named by the user.
func newOwner(opts Options) (*owner, error) {
	o := &owner{
		opts: opts, want: opts.Workers, c: newCluster(opts),
		warned: map[string]bool{}, parting: map[*membership]time.Time{}, silence: opts.StopTimeout,
		unix: new(adopt.UnixSockets),
	}
	o.chooseAdoption()
	if o.inKernel() && !o.adopting {
		return nil, fmt.Errorf("balance kernel needs adoption, which does not work here: %s", o.adoption)
	}
	var err error
	if o.loop, err = newLoopback(os.Getpid()); err != nil {
		return nil, err
	}
	exe, err := adopt.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's own executable: %w", err)
	}
	s, err := proc.NewSpawner(exe)
	if err != nil {
		o.loop.release()
		return nil, err
	}
	o.launcher, o.c.mark = spawner{s}, s.Mark()
	o.router = newRouter(o)
	if err := o.openGiven(); err != nil {
		o.release()
		return nil, err
	}
	return o, nil
}

// chooseAdoption finds out how workers are to get the shared port.
func (o *owner) chooseAdoption() {
	if o.opts.NoAdopt {
		o.adoption = "env (switched off)"
		return
	}
	if err := adopt.Probe(); err != nil {
		o.adoption = fmt.Sprintf("env (%v)", err)
		return
	}
	o.adoption, o.adopting = "seccomp", true
}

func newRouter(o *owner) *router.Router {
	policy := router.LeastInFlight
	if o.opts.Balance == RoundRobin {
		policy = router.RoundRobin
	}
	return router.New(router.Options{
		Policy:  policy,
		Hold:    o.opts.Hold,
		Silence: o.opts.StopTimeout,
		Own:     o.loop.owns,
		Explain: o.c.explain,

		LiveReload: o.opts.LiveReload,
	})
}

// begin starts the workers and the goroutines that go on until the end.
func (o *owner) begin(s *metrics.Sampler) *Cluster {
	o.started = time.Now()
	o.usage = s.Sample(o.started, nil)
	o.sampled(o.started, o.usage)
	// The ports named by the user are open already; the start comes first all
	// the same.
	o.emit(LevelInfo, ClusterStarted{Workers: o.want, Balance: o.opts.Balance, Adoption: o.adoption})
	for _, p := range o.ports {
		o.emit(LevelInfo, PortOpened{Addr: shown(p.addr)})
	}
	if !o.adopting && !o.opts.NoAdopt {
		o.emit(LevelWarn, Warning{Text: "workers do not share ports by themselves here: " + o.adoption + "; they get PORT and LISTEN_FDS"})
	}
	if _, left := o.givenPorts(); left != nil {
		o.emit(LevelWarn, Warning{Text: fmt.Sprintf("%s is not opened: without adoption a worker is told of one port, and that is %s", strings.Join(left, ", "), shown(o.ports[0].addr))})
	}
	o.fill()
	o.publish()
	go o.run()
	go o.c.sample(s)
	return o.c
}

// stop begins the end, or hurries it up.
func (o *owner) stop() {
	if o.stopping {
		for _, w := range o.all() {
			w.expected = true
			o.kill(w)
		}
		return
	}
	o.stopping, o.stopStarted = true, time.Now()
	if o.roll != nil {
		o.roll.mark.Close()
		o.roll = nil
	}
	if o.rollout != nil {
		o.rollout.release(o)
		o.rollout = nil
	}
	o.partAll()
	o.sendClientsAway()
	for _, s := range o.slots {
		s.stopTimer()
		for _, w := range s.workers() {
			o.drain(w)
		}
	}
	o.finishIfIdle()
}

// sendClientsAway closes the public ports and every connection that has no
// request under way, and each of the others after its answer. Workers serve
// until that is done, so that no request meets a port without workers.
//
// If the kernel balances, the workers' own stop does all that can be done.
func (o *owner) sendClientsAway() {
	if o.inKernel() {
		return
	}
	closing := make(chan struct{})
	o.closing = closing
	go func() { // ends with the last request, or by StopTimeout
		defer close(closing)
		ctx, cancel := context.WithTimeout(context.Background(), o.opts.StopTimeout)
		defer cancel()
		_ = o.router.Shutdown(ctx)
	}()
}

// finishIfIdle ends the owner if the last worker has ended.
func (o *owner) finishIfIdle() {
	for _, w := range o.all() {
		if w.live() {
			return
		}
	}
	o.finished = true
}

// giveUpIfHopeless ends the cluster if it was to give up and has reason to. Another
// program that is on its way may be the remedy.
func (o *owner) giveUpIfHopeless(note string) {
	if !o.opts.GiveUp || o.wasReady || o.stopping || o.rollout != nil {
		return
	}
	for _, s := range o.slots {
		if !s.failed {
			return
		}
	}
	o.failure = fmt.Errorf("no worker could run: %s", note)
	o.stop()
}

// release gives up what the master holds. Nothing of any worker is left when
// it returns.
func (o *owner) release() {
	o.router.Close()
	o.launcher.close()
	o.unix.Close()
	o.loop.release()
}

// end is the last thing the owner does.
func (o *owner) end() {
	o.release()
	o.publish()
	o.c.awaitOutput()
	o.emit(LevelInfo, ClusterStopped{TookMS: time.Since(o.stopStarted).Milliseconds()})
	o.c.log.close()
	o.c.err = o.failure
	close(o.c.done)
}

// lastOutput is how long the end waits for what the workers wrote last. Their
// pipes end with them, unless a process has got away with one.
const lastOutput = time.Second

func (c *Cluster) awaitOutput() {
	read := make(chan struct{})
	go func() {
		c.outputs.Wait()
		close(read)
	}()
	limit := time.NewTimer(lastOutput)
	defer limit.Stop()
	select {
	case <-read:
	case <-limit.C:
	}
}
