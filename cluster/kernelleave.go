package cluster

import (
	"maps"
	"math"
	"net"
	"slices"
	"time"

	"gcl-tui/cluster/internal/tcpdiag"
)

// A connection in the handshake belongs to the listener that answered its SYN, and
// the kernel resets it if that one ends first. For its client it may be established
// already: it is so as long as the last ACK is on its way, and, at a listener with
// TCP_DEFER_ACCEPT, until the client has sent something. So a socket that is to
// leave its group stays in it, and gets nothing new, until those handshakes are over.

// leave takes a member out of its group. What is queued at it goes on to the others
// at once, and what is in the handshake with it does when that is over. At an address
// that the program does not want any more nothing is waited for: it would stay open.
func (o *owner) leave(k *membership) {
	if o.stopping || !slices.Contains(o.ports, k.port) || !k.member.Listens() {
		o.part(k)
		return
	}
	if err := k.member.Retire(); err != nil {
		o.warnOnce(err.Error())
	}
	o.relayIfReady(k.port)
	carry(k.port, k.member.TakeQueue())
	o.parting[k] = time.Now().Add(o.opts.StopTimeout)
	if !o.awaiting {
		o.awaiting = true
		go o.c.awaitHandshakes()
	}
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

// awaitHandshakes has each parting member leave its group when the handshakes that
// were under way on its port are over, or it is late. Which of them are at that member
// is not told. It runs in a goroutine of its own, one for all members since a look at a
// port costs a walk through the kernel's table of connections, and ends with the last
// member, or with the cluster.
func (c *Cluster) awaitHandshakes() {
	looks := looks{since: map[*membership]int{}, seen: map[uint16]handshakes{}}
	defer looks.reader.Close()
	tick := time.NewTicker(drainPoll)
	defer tick.Stop()
	for {
		var parting map[*membership]time.Time
		if c.ask(func(o *owner) {
			parting = maps.Clone(o.parting)
			o.awaiting = len(parting) > 0
		}) != nil || len(parting) == 0 {
			return
		}
		over := looks.look(parting)
		c.post(func(o *owner) { o.handshakesNow(over) })
		select {
		case <-tick.C:
		case <-c.done:
			return
		}
	}
}

// handshakesNow takes in a look: whose handshakes are over leaves. What has come out
// of the handshake at the others goes on.
func (o *owner) handshakesNow(over []*membership) {
	for _, k := range over {
		o.part(k)
	}
	for k := range o.parting {
		carry(k.port, k.member.TakeQueue())
	}
}

// handshakes are those under way on a port, with the number of the look that was the
// first to find each.
type handshakes map[tcpdiag.Conn]int

// looks at the handshakes on the ports of parting members.
type looks struct {
	reader tcpdiag.Reader
	n      int
	since  map[*membership]int // the first look after each member was retired
	seen   map[uint16]handshakes
}

// look returns the members that have no more handshakes to wait for: those that the
// first look found are over, and later ones are not theirs. Or they are late.
func (l *looks) look(parting map[*membership]time.Time) (over []*membership) {
	l.n++
	oldest := map[uint16]int{}
	for k, late := range parting {
		port := k.port.addr.Port()
		if _, looked := oldest[port]; !looked {
			oldest[port] = l.oldest(port)
		}
		if l.since[k] == 0 {
			l.since[k] = l.n
		}
		if oldest[port] > l.since[k] || time.Now().After(late) {
			over = append(over, k)
			delete(l.since, k)
		}
	}
	return over
}

// oldest returns the first look that found a handshake which is still under way on a
// port. There is none if that cannot be told.
func (l *looks) oldest(port uint16) int {
	oldest := math.MaxInt
	conns, err := l.reader.HalfOpen(port)
	if err != nil {
		return oldest
	}
	now := make(handshakes, len(conns))
	for _, h := range conns {
		first, found := l.seen[port][h]
		if !found {
			first = l.n
		}
		now[h] = first
		oldest = min(oldest, first)
	}
	l.seen[port] = now
	return oldest
}
