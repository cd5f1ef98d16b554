package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gcl-tui/cluster/internal/metrics"
)

// ErrStopped is returned by requests to a cluster that has stopped or is
// stopping.
var ErrStopped = errors.New("the cluster is stopping")

// Cluster is a running master. Its methods are safe from any goroutine.
type Cluster struct {
	command     string
	dir         string // where the workers run, as far as is known
	environment func() ([]string, error)
	mark        string // see Mark
	log         *eventLog
	snap        atomic.Pointer[Snapshot]
	crashes     atomic.Pointer[[]*crashReport] // of slots that are down
	inbox       chan func(*owner)
	outputs     sync.WaitGroup // streams of workers that are being read
	done        chan struct{}  // closed when everything has ended
	err         error          // why; valid once done is closed
}

// Start checks opts, opens the known ports, starts the workers and returns.
// An error is one clear sentence; nothing is left running then.
func Start(opts Options) (*Cluster, error) {
	opts = opts.withDefaults()
	path, err := opts.check()
	if err != nil {
		return nil, err
	}
	env, err := opts.environment()
	if err != nil {
		return nil, err
	}
	o, err := newOwner(opts)
	if err != nil {
		return nil, err
	}
	if path != "" {
		o.serving = o.history.generation(path, opts.Command, env)
	}
	return o.begin(metrics.New(os.Getpid())), nil
}

// environment returns what every worker gets, before what it is told of itself.
func (o Options) environment() ([]string, error) {
	extra, err := o.Environ()
	return baseEnv(extra), err
}

// workingDir returns an absolute path, or an empty one if that cannot be had.
func (o Options) workingDir() string {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return ""
	}
	return dir
}

// newCluster returns a cluster without an owner.
func newCluster(opts Options) *Cluster {
	name := opts.Name
	if name == "" {
		name = strings.Join(opts.Command, " ")
	}
	return &Cluster{
		command:     name,
		dir:         opts.workingDir(),
		environment: opts.environment,
		log:         newEventLog(time.Now),
		inbox:       make(chan func(*owner), 64),
		done:        make(chan struct{}),
	}
}

// ask runs f in the owner's goroutine and waits for it.
func (c *Cluster) ask(f func(*owner)) error {
	ran := make(chan struct{})
	c.post(func(o *owner) {
		defer close(ran)
		f(o)
	})
	select {
	case <-ran:
		return nil
	case <-c.done:
		select {
		case <-ran: // it was the last thing done
			return nil
		default:
			return ErrStopped
		}
	}
}

// post has f run in the owner's goroutine, or drops it if that has ended.
func (c *Cluster) post(f func(*owner)) {
	select {
	case c.inbox <- f:
	case <-c.done:
	}
}

// request runs f in the owner's goroutine and returns its error.
func (c *Cluster) request(f func(*owner) error) error {
	var err error
	if stopped := c.ask(func(o *owner) { err = f(o) }); stopped != nil {
		return stopped
	}
	return err
}

// Snapshot returns how things are now. It never blocks and is never nil.
func (c *Cluster) Snapshot() *Snapshot { return c.snap.Load() }

// Subscribe returns a reader of events and log lines, from the oldest kept on.
func (c *Cluster) Subscribe() *Subscription { return c.log.subscribe() }

// Scale sets how many workers there are to be, from 1 to MaxWorkers. by goes
// into the event: "you" or "signal".
func (c *Cluster) Scale(n int, by string) error {
	return c.request(func(o *owner) error { return o.scale(n, by) })
}

// ScaleBy changes how many workers there are to be by delta; the result is
// kept within 1 and MaxWorkers, and an error says if it was there already.
func (c *Cluster) ScaleBy(delta int, by string) error {
	return c.request(func(o *owner) error {
		n := min(max(o.want+delta, 1), MaxWorkers)
		if n == o.want {
			return fmt.Errorf("there must be 1 to %d workers", MaxWorkers)
		}
		return o.scale(n, by)
	})
}

// Restart replaces the worker of one slot: a new one is ready before the old
// one drains.
func (c *Cluster) Restart(slot int) error {
	return c.request(func(o *owner) error { return o.restart(slot) })
}

// StopWorker drains and stops the worker of one slot, which stays down. Asked
// again, it kills it.
func (c *Cluster) StopWorker(slot int) error {
	return c.request(func(o *owner) error { return o.stopWorker(slot) })
}

// StartWorker starts the worker of a slot that is down: stopped, failed or
// waiting in backoff.
func (c *Cluster) StartWorker(slot int) error {
	return c.request(func(o *owner) error { return o.startWorker(slot) })
}

// Kill ends the worker of one slot and all its processes with SIGKILL. The
// worker comes back, as after a crash.
func (c *Cluster) Kill(slot int) error {
	return c.request(func(o *owner) error { return o.killWorker(slot) })
}

// Reload replaces all workers one by one by the same program, each new one ready
// before an old one drains. cause goes into the event.
func (c *Cluster) Reload(cause string) error {
	env, err := c.environment()
	if err != nil {
		return err
	}
	return c.request(func(o *owner) error { return o.reload(cause, env) })
}

// RollOut replaces all workers by those of a program: a first one, then, as soon
// as it is ready and has all requests, the others. If one of them fails, the
// present generation takes over again. A rollout that is on its way is turned
// to p. If p was built and is what runs already, nothing is replaced. If p cannot
// be started, as for its environment, nothing is either, and the snapshot's
// Source.Stale is the error.
func (c *Cluster) RollOut(p Program, cause string) error {
	env, err := c.environment()
	if err == nil {
		p.Path, err = executable(p.Path)
	}
	return c.request(func(o *owner) error {
		if err != nil {
			o.source.unusable(err)
			return err
		}
		return o.rollOut(p, cause, env)
	})
}

// RollBack replaces all workers by those of the generation before, or calls off
// the rollout that is on its way. by goes into the event.
func (c *Cluster) RollBack(by string) error {
	return c.request(func(o *owner) error { return o.rollBack(by) })
}

// Tell publishes what happened to the program's source, and has the snapshot
// show it.
func (c *Cluster) Tell(e SourceEvent) { c.post(func(o *owner) { o.told(e) }) }

// Programs returns the executables that may be started again: those of the
// generation that serves, of the one on its way, and of those before.
func (c *Cluster) Programs() []string {
	var paths []string
	_ = c.ask(func(o *owner) { paths = o.programs() })
	return paths
}

// Watching has the snapshot say what is watched, and how many files wait that
// have changed while changes are not acted on.
func (c *Cluster) Watching(what string, waiting int) {
	c.post(func(o *owner) { o.source.What, o.source.Waiting = what, waiting })
}

// Mark returns an entry for the environment of processes that are no workers but
// are to end with the cluster, as builds are: what is left of them then is killed,
// even if this process was killed itself. It is empty where that is not possible.
func (c *Cluster) Mark() string { return c.mark }

// Stop drains and stops all workers and returns at once; Done tells the end. A
// second call kills what is left.
func (c *Cluster) Stop() { c.post((*owner).stop) }

// Done is closed when everything has ended.
func (c *Cluster) Done() <-chan struct{} { return c.done }

// Wait waits for Done or ctx and returns why the cluster ended: nil if it was
// asked to.
func (c *Cluster) Wait(ctx context.Context) error {
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
