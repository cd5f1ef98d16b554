package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSubreaperKeepsNoZombies: the master is a sub-reaper, so the orphans of a
// killed build come to it.
func TestSubreaperKeepsNoZombies(t *testing.T) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) }()
	for range 20 {
		h := newHeld(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan Result, 1)
		go func() {
			done <- Run(ctx, Job{Argv: Shell("exec 3>" + h.path + "; (sh -c 'sleep 1000; :'; :) & sleep 1000; :")})
		}()
		h.open()
		cancel()
		<-done
	}
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		t.Fatal(err, len(lists))
	}
	for _, list := range lists {
		children, _ := os.ReadFile(list) // the thread may have ended
		for pid := range strings.FieldsSeq(string(children)) {
			if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err == nil {
				t.Errorf("left: %.60s", stat)
			}
		}
	}
}
