package router

import "slices"

// keptPerClient bounds the connections that one client has for itself. More backends
// than that share what is left.
const keptPerClient = 16

// reserve takes back a connection that has carried a body. A server that leaves a
// body unread takes it for the next request, and answers that; whoever sent the
// body is the only one to get the answer.
func (c *conn) reserve(up *upstream, now int64) {
	if len(c.kept) == keptPerClient {
		c.kept[0].discard()
		c.kept = slices.Delete(c.kept, 0, 1)
	}
	up.route.put(up, now)
	c.kept = append(c.kept, up)
}

// reclaim returns the connection that the client has to rt, if it has been idle
// since some clock time or later, or nil.
func (c *conn) reclaim(rt *route, since int64) *upstream {
	i := slices.IndexFunc(c.kept, func(up *upstream) bool { return up.route == rt })
	if i < 0 {
		return nil
	}
	up := c.kept[i]
	c.kept = slices.Delete(c.kept, i, i+1)
	switch {
	case !rt.claim(up):
		return nil
	case up.idle < since:
		up.close()
		return nil
	}
	return up
}

// discardKept closes what the client had for itself.
func (c *conn) discardKept() {
	for _, up := range c.kept {
		up.discard()
	}
	c.kept = nil
}

// discard closes a connection that was kept, unless its route has done so.
func (up *upstream) discard() {
	if up.route.claim(up) {
		up.close()
	}
}

// claim hands out a connection that was kept. It returns false if the route has
// closed it meanwhile.
func (rt *route) claim(up *upstream) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	_, ok := rt.kept[up]
	delete(rt.kept, up)
	return ok
}
