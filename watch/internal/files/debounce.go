package files

import "time"

// debounce says when a burst has settled: quiet after its last event, at the
// latest limit after its first. The zero time means that there is no burst.
type debounce struct {
	quiet, limit time.Duration
	first, last  time.Time
}

// touch notes an event.
func (d *debounce) touch(now time.Time) {
	if d.first.IsZero() {
		d.first = now
	}
	if now.After(d.last) {
		d.last = now
	}
}

// restart lets a burst that was held begin at now.
func (d *debounce) restart(now time.Time) { d.first, d.last = now, now }

// clear ends the burst.
func (d *debounce) clear() { d.first, d.last = time.Time{}, time.Time{} }

// due returns when the burst has to be given.
func (d *debounce) due() (time.Time, bool) {
	if d.first.IsZero() {
		return time.Time{}, false
	}
	due := d.last.Add(d.quiet)
	if end := d.first.Add(d.limit); end.Before(due) {
		due = end
	}
	return due, true
}
