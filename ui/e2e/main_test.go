//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The programs that the tests run, built once.
var (
	gclTUI   string // the program
	goServer string // testdata/server
)

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gcl-tui-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// A test that gives up privileges runs these as another user.
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	gclTUI, goServer = filepath.Join(dir, "gcl-tui"), filepath.Join(dir, "server")
	for binary, pkg := range map[string]string{gclTUI: "gcl-tui", goServer: "./testdata/server"} {
		args := append([]string{"build", "-o", binary}, raceFlags...)
		if out, err := exec.Command("go", append(args, pkg)...).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build %s: %v\n%s", pkg, err, out)
			return 1
		}
	}
	return m.Run()
}
