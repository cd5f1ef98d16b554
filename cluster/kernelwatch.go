package cluster

import (
	"context"
	"time"

	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/tcpdiag"
)

// drainPoll is how often a draining worker's connections are counted.
const drainPoll = 50 * time.Millisecond

// drainInKernel waits until a worker that gets no new connections has none
// left, or StopTimeout is over, and then sends the stop signal.
func (o *owner) drainInKernel(w *worker) {
	c, pid, unix, exited := o.c, w.pid, w.unix, w.proc.Exited()
	ports, silence := portsOf(w), o.silence
	ctx, cancel := context.WithTimeout(context.Background(), o.opts.StopTimeout)
	go func() { // ends with the last connection, the limit, or the process
		defer cancel()
		if unix {
			o.retireUnix(pid, exited)
		}
		tick := time.NewTicker(drainPoll)
		defer tick.Stop()
		// In this order: what has left the accept queue is a connection.
		for c.waiting(w) > 0 || underWay(ports, pid, silence) > 0 {
			select {
			case <-tick.C:
				continue
			case <-exited:
				return
			case <-ctx.Done():
			}
			break
		}
		c.post(func(o *owner) { o.signalStop(w) })
	}()
}

// waiting returns the length of a worker's accept queues.
func (c *Cluster) waiting(w *worker) (n int) {
	_ = c.ask(func(*owner) { n = queued(w) })
	return n
}

func queued(w *worker) int {
	sum := 0
	for _, k := range w.members {
		if n, err := k.member.Queue(); err == nil {
			sum += n
		}
	}
	return sum
}

func portsOf(w *worker) []uint16 {
	var ports []uint16
	for _, k := range w.members {
		ports = append(ports, k.port.addr.Port())
	}
	return ports
}

// established returns the connections on ports.
func established(ports []uint16) (all []tcpdiag.Conn) {
	seen := map[uint16]bool{}
	for _, port := range ports {
		if seen[port] {
			continue
		}
		seen[port] = true
		conns, err := tcpdiag.Established(port)
		if err == nil {
			all = append(all, conns...)
		}
	}
	return all
}

// sampleSockets reads what the kernel knows of the workers' connections, and looks
// which listeners they still have. It runs in the sampler's goroutine.
func (c *Cluster) sampleSockets(workers []int) {
	var ports []uint16
	var listeners map[*membership]int
	if c.ask(func(o *owner) {
		if o.inKernel() {
			listeners = o.listeners()
			for _, p := range o.ports {
				ports = append(ports, p.addr.Port())
			}
		}
	}) != nil || len(ports) == 0 {
		return
	}
	sessions := proc.Sessions(workers)
	found := tcpdiag.ByOwner(established(ports), sessions)
	held := map[*membership]bool{}
	for k, pid := range listeners {
		held[k] = holds(sessions[pid], k)
	}
	c.post(func(o *owner) {
		o.socketsNow(found)
		o.listenersNow(held)
	})
}

// socketsNow takes the sampled connections over, and adds the accept queues.
func (o *owner) socketsNow(found map[int]tcpdiag.Summary) {
	for _, w := range o.all() {
		s, ok := found[w.pid]
		if !ok || w.proc == nil {
			continue
		}
		w.sockets = &Sockets{
			Conns: s.Conns, Waiting: queued(w),
			BytesIn: s.BytesIn, BytesOut: s.BytesOut, RTT: s.RTT,
		}
	}
}
