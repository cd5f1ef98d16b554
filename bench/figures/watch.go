package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"

	"gcl-tui/watch"
)

// watchRole as the first argument makes this executable a watcher of the
// directory that is the second.
const watchRole = "watch"

// watchTree watches dir as for a script in it, and says when it does and what
// changes, until it is interrupted.
func watchTree(dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	plan, err := watch.Find(ctx, watch.Command{Path: "sh", Args: []string{"-c", "exit"}, Dir: dir}, watch.Options{Dirs: []string{dir}})
	if err != nil {
		return err
	}
	w, err := plan.Start(ctx, func() time.Time { return time.Time{} })
	if err != nil {
		return err
	}
	for e := range w.Events() {
		switch e := e.(type) {
		case watch.Status:
			if e.Dirs >= treeDirs {
				say(event{Time: time.Now(), Event: "watched", Text: strconv.Itoa(e.Dirs)})
			}
		case watch.Changed:
			say(event{Time: time.Now(), Event: "changed", Line: e.Paths[0], Text: strconv.Itoa(len(e.Paths))})
		case watch.Warning:
			fmt.Fprintln(os.Stderr, e.Text)
		}
	}
	return w.Close()
}
