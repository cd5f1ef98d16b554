package ui

import "time"

// toastTime is how long the result of a key stays on the screen.
const toastTime = 5 * time.Second

// note is a short text for the user with how it is meant.
type note struct {
	tone tone
	text string
}

// toast is a note that goes away by itself.
type toast struct {
	note
	until time.Time
}

// expire clears the toast if its time is over, and tells whether it did.
func (t *toast) expire(now time.Time) bool {
	if t.text == "" || now.Before(t.until) {
		return false
	}
	*t = toast{}
	return true
}
