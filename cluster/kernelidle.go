package cluster

import (
	"slices"
	"time"

	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/tcpdiag"
)

// A connection that the kernel has given to a worker stays there, and its client with
// old code, for as long as it is open. So when its worker is to have no new ones, it
// is ended once it is idle, as servers do: the client opens another one for its next
// request. The requests in it cannot be seen. It is idle if the worker does not seem
// to owe an answer and nothing has passed for as long as is waited for a worker that
// drains: what has been under way all that time would be cut soon anyway. The worker
// is made to end it by itself, as if its client had.

// endIdle ends the idle connections of a worker, in a goroutine that ends with that.
func (o *owner) endIdle(w *worker) {
	ports, pid, silence := portsOf(w), w.pid, o.silence
	if len(ports) > 0 {
		go underWay(ports, pid, silence)
	}
}

// underWay returns how many connections on ports a worker has. It ends those that are
// idle, which still count.
func underWay(ports []uint16, pid int, silence time.Duration) int {
	sessions := proc.Sessions([]int{pid})
	conns := established(ports)
	has := tcpdiag.ByOwner(conns, sessions)[pid].Conns
	idle := slices.DeleteFunc(conns, func(c tcpdiag.Conn) bool { return c.Owing || c.Silent < silence })
	if len(idle) > 0 {
		_ = tcpdiag.HangUp(sessions[pid], idle) // where that cannot be, they stay
	}
	return has
}
