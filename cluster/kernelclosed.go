package cluster

import (
	"fmt"

	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/tcpdiag"
)

// The master has a duplicate of each worker's socket, so that nothing queued is
// lost with the worker. That is why the kernel goes on handing out connections
// when a worker closes its socket and lives on, as in a graceful stop that
// somebody else has asked for. So it is looked, with every sample, whether the
// workers still have their sockets.

// looksUntilClosed is how many looks in turn must find a socket in no process:
// one that is on its way from one process to another (SCM_RIGHTS, unix(7)) is in
// none either.
const looksUntilClosed = 2

// closed says whether the worker has closed the socket.
func (k *membership) closed() bool { return k.unheld >= looksUntilClosed }

// listeners returns the sockets that are in a group, and the worker of each.
func (o *owner) listeners() map[*membership]int {
	all := map[*membership]int{}
	for _, w := range o.all() {
		for _, k := range w.members {
			all[k] = w.pid
		}
	}
	return all
}

// holds says whether one of a worker's processes, or if need be of all that the
// workers have started, has a socket. It does so too if that cannot be told.
func holds(pids []int, k *membership) bool {
	inode := k.member.Inode()
	held, err := tcpdiag.Holds(pids, inode)
	if !held && err == nil { // one that has left the session may have it
		held, err = tcpdiag.Holds(proc.Descendants(), inode)
	}
	return held || err != nil
}

// listenersNow lets those who have closed their socket have no more connections,
// and those who have got it back have them again. What waits at a closed one goes
// on to the others.
func (o *owner) listenersNow(held map[*membership]bool) {
	for _, w := range o.all() {
		for _, k := range w.members {
			if is, looked := held[k]; looked && w.proc != nil {
				o.looked(w, k, is)
			}
		}
	}
}

// looked takes in what a look at a socket of a worker has found.
func (o *owner) looked(w *worker, k *membership, held bool) {
	before := k.closed()
	switch {
	case !k.member.Listens(): // shut down, which cannot be taken back
		k.unheld = looksUntilClosed
		o.leave(k)
	case held:
		k.unheld = 0
	default:
		k.unheld++
	}
	if k.closed() {
		carry(k.port, k.member.TakeQueue())
	}
	if k.closed() == before {
		return
	}
	if k.closed() && !w.expected {
		o.emit(LevelWarn, Warning{Text: fmt.Sprintf(
			"w%d runs on, but has closed its listener at %s: it gets no more connections", w.slot.num, shown(k.port.addr))})
	}
	o.steer(w, w.state == StateReady && w.gen.is(o.serving))
}
