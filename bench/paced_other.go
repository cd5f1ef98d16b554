//go:build !linux

package main

import (
	"errors"
	"time"
)

// canPace says that there is no pacer.
const canPace = false

type pacer struct{ took []time.Duration }

func newPacer(string, int, schedule) (*pacer, error) {
	return nil, errors.New("the load at a fixed rate needs Linux")
}

func (p *pacer) run() error { return nil }
