package cluster

import (
	"maps"
	"net"
	"time"

	"gcl-tui/cluster/internal/tcpdiag"
)

// A connection in the handshake belongs to the listener that answered its SYN, and
// the kernel resets it if that one ends first. For its client it may be established
// already: it is so as long as the last ACK is on its way, and, at a listener with
// TCP_DEFER_ACCEPT, until the client has sent something. So a socket that is to
// leave its group stays in it, and gets nothing new, until those handshakes are over.

// leave takes a member out of its group. What is queued at it goes on to the others
// at once, and what is in the handshake with it does when that is over.
func (o *owner) leave(k *membership) {
	if o.stopping || !k.member.Listens() {
		o.part(k)
		return
	}
	if err := k.member.Retire(); err != nil {
		o.warnOnce(err.Error())
	}
	o.relayIfReady(k.port)
	carry(k.port, k.member.TakeQueue())
	o.parting[k] = true
	go o.c.awaitHandshakes(k, o.opts.StopTimeout)
}

// part takes a member out of its group now.
func (o *owner) part(k *membership) {
	delete(o.parting, k)
	queued, err := k.member.Leave()
	if err != nil {
		o.warnOnce(err.Error())
	}
	o.relayIfReady(k.port)
	carry(k.port, queued)
}

// partAll does not wait for handshakes any more: nobody would go on with them.
func (o *owner) partAll() {
	for k := range o.parting {
		o.part(k)
	}
}

// carry passes connections that waited at one worker on to the others.
func carry(p *publicPort, queued []*net.TCPConn) {
	for _, c := range queued {
		p.router.Carry(c)
	}
}

// awaitHandshakes has a member leave its group when the handshakes that are under
// way on its port now are over, or after a limit. Which of them are at that member
// is not told; later ones are not. It runs in a goroutine of its own, which ends
// with that, or with the cluster.
func (c *Cluster) awaitHandshakes(k *membership, limit time.Duration) {
	port := k.port.addr.Port()
	late, tick := time.NewTimer(limit), time.NewTicker(drainPoll)
	defer late.Stop()
	defer tick.Stop()
	for pending := handshakes(port); len(pending) > 0; {
		select {
		case <-tick.C:
			now := handshakes(port)
			maps.DeleteFunc(pending, func(h tcpdiag.Conn, _ bool) bool { return !now[h] })
			c.post(func(*owner) { carry(k.port, k.member.TakeQueue()) })
			continue
		case <-late.C:
		case <-c.done:
		}
		break
	}
	c.post(func(o *owner) { o.part(k) })
}

// handshakes returns those under way on a port; none if that cannot be told.
func handshakes(port uint16) map[tcpdiag.Conn]bool {
	conns, err := tcpdiag.HalfOpen(port)
	if err != nil {
		return nil
	}
	set := make(map[tcpdiag.Conn]bool, len(conns))
	for _, h := range conns {
		set[h] = true
	}
	return set
}
