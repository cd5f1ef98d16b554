package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What was prepared for a process that could not be made is given back: the
// sockets for PORT, LISTEN_FDS and NOTIFY_SOCKET.
func TestFailedStartsLeaveNothing(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Cleanup(func() { // after the cluster's end
		if left, err := os.ReadDir(tmp); err != nil || len(left) != 0 {
			t.Errorf("left in the directory for temporary files: %v, %v", left, err)
		}
	})
	l := startLive(t, Options{
		Command: program("port"), Dir: filepath.Join(tmp, "missing"), Workers: 1,
		Ports: []string{freeAddr(t)}, NoAdopt: true, Ready: Ready{Kind: ReadyNotify},
	})
	if w := await[Warning](l, 1)[0]; !strings.Contains(w.Text, "w1 cannot start: ") {
		t.Errorf("warned with %q", w.Text)
	}
	await[CrashLoop](l, 1)
}
