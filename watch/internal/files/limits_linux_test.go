package files

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fewWatches is the limit that TestLimitOfTheSystem runs into.
const fewWatches = "5"

// The system's own limit, lowered for nobody but the test in a user namespace
// (user_namespaces(7), namespaces(7): /proc/sys/user). Where that is not allowed,
// TestLimits stands in for it.
func TestLimitOfTheSystem(t *testing.T) {
	if os.Getenv("FEW_WATCHES") != "" {
		if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte(fewWatches), 0); err != nil {
			t.Logf("the limit cannot be lowered here: %v", err)
			return
		}
		reachLimit(t)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLimitOfTheSystem$", "-test.v")
	cmd.Env = append(os.Environ(), "FEW_WATCHES="+fewWatches)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	switch {
	case cmd.Process == nil:
		t.Logf("user namespaces are not allowed here: %v", err)
	case err != nil || !strings.Contains(string(out), "--- PASS: TestLimitOfTheSystem"):
		t.Errorf("%v\n%s", err, out)
	}
}

// reachLimit watches more directories than the system has watches for.
func reachLimit(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i := range 10 {
		paths = append(paths, filepath.Join(dir, fmt.Sprint(i), "f"))
		write(t, paths[i], "x")
	}
	r := start(t, Options{}, everything(dir)).known()
	w := r.warning()
	if w.Kind != WarnPolling || !strings.Contains(w.Text, limitNames[errReached]) {
		t.Errorf("warning %+v", w)
	}
	write(t, paths[7], "y")
	r.expect(false, paths[7])
}
