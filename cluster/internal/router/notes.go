package router

// note hands the record of the request that has just ended, if the feed takes it,
// over to the feed. status is what the client got, 0 if nothing.
func (c *conn) note(status int, f Fault) {
	if c.x.record != nil {
		c.noteAt(clock(), status, f)
	}
}

// noteAt is note at a clock time.
func (c *conn) noteAt(now int64, status int, f Fault) {
	r := c.x.record
	if r == nil {
		return
	}
	c.x.record = nil
	r.at, r.took = c.began, now-c.began
	r.status, r.fault = status, f
	r.in, r.out = c.x.in+c.link.sent.Load(), c.x.out
	r.held, r.replayed = c.x.held, c.x.replays > 0
	if c.x.up != nil {
		r.worker = c.x.up.route.b.id
	}
	c.r.feed.note(r)
}
