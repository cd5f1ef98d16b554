package main

import (
	"context"
	"time"
)

// measureFrame takes the time from the start of the program to its first frame
// that is whole, on a terminal that tells its background and on one that does
// not.
func measureFrame(ctx context.Context, b *bench) error {
	for _, terminal := range []struct {
		name    string
		answers bool
	}{
		{"first full frame", true},
		{"  on a terminal that answers no question", false},
	} {
		var s series
		for range b.runs {
			took, err := firstFrame(ctx, b, terminal.answers)
			if err != nil {
				return err
			}
			s = append(s, took)
		}
		b.row(terminal.name, s)
	}
	return nil
}

func firstFrame(ctx context.Context, b *bench, answers bool) (time.Duration, error) {
	s, err := b.startScreen(4, answers)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	at, err := wait(ctx, s, s.frame)
	if err != nil {
		return 0, err
	}
	_, err = wait(ctx, s, s.ready) // else the next start would compete with this one's workers
	return at.Sub(s.began), err
}
