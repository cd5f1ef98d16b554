// What the test of panics adds to package ui by go build -overlay: a screen
// that cannot show a third worker.
package ui

import (
	"os"

	"gcl-tui/cluster"
	"gcl-tui/theme"
)

func init() {
	show := columns[0].text
	columns[0].text = func(v *view, w cluster.Worker) (string, theme.Style) {
		if w.Slot == 3 {
			fail()
		}
		return show(v, w)
	}
}

// fail panics where PANIC_IN says: in a "frame", or in a "goroutine" of its own,
// which nothing recovers.
func fail() {
	if os.Getenv("PANIC_IN") == "goroutine" {
		go panic("no third worker")
		select {}
	}
	panic("no third worker")
}
