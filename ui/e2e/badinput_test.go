//go:build linux

package e2e

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// TestNoPlaceForBuilds: with nothing to run but what a build makes, it ends.
func TestNoPlaceForBuilds(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/app\n", "main.go": "package main\nfunc main() { select {} }\n", "file": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"XDG_CACHE_HOME=" + filepath.Join(dir, "file"), "GOCACHE=" + strings.TrimSpace(string(goCache))}
	p := startPlain(t, env, "--headless", dir)
	if code := p.wait(); code != 1 || !strings.Contains(p.stderr(), "make a place for the build") {
		t.Errorf("exit code %d: %s", code, p.stderr())
	}
}

// TestBadInput: one sentence as the last line of stderr, the right exit code,
// nothing on stdout. More of the sentences are in package cli's tests.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	notExecutable := put("server.py", "print()\n", 0o644)
	badInterpreter := put("script", "#!/no/such/shell\n", 0o755)
	nothing := filepath.Dir(put("nothing/readme", "", 0o644))
	put("lib/go.mod", "module example.com/lib\n", 0o644)
	library := filepath.Dir(put("lib/lib.go", "package lib\n", 0o644))
	put("bad/go.mod", "module example.com/bad\n", 0o644)
	badSource := filepath.Dir(put("bad/main.go", "package main\nfunc main() { missing() }\n", 0o644))
	for _, tt := range []struct {
		args []string
		code int
		want string // of the last line
	}{
		{nil, 2, "no command: say what to run, as in gcl-tui ./myserver, or try gcl-tui demo"},
		{[]string{""}, 2, "no command: say what to run, as in gcl-tui ./myserver, or try gcl-tui demo"},
		{[]string{"no-such-program"}, 1, "no-such-program is not on PATH: check the name, or give its path"},
		{[]string{"./no/such/program"}, 1, "./no/such/program does not exist: check the path"},
		{[]string{nothing}, 1, nothing + " is a directory without a Go main package: name a package that has one, or a program"},
		{[]string{library}, 1, library + " is the Go package lib, not a main package: name one that is, or a program"},
		{[]string{badSource}, 1, "the build failed: " + badSource + "/main.go:2:15: undefined: missing"},
		{[]string{notExecutable}, 1, notExecutable + " is not executable: chmod +x " + notExecutable + ", or gcl-tui python3 " + notExecutable},
		{[]string{badInterpreter}, 1, badInterpreter + " has the interpreter /no/such/shell in its #! line, which does not exist: correct the line or install it"},
		{[]string{"--bogus", "true"}, 2, "there is no flag --bogus: see gcl-tui --help; flags of the program itself go after it"},
		{[]string{"-p", "70000", "true"}, 2, `--port "70000": want a port from 1 to 65535, as in 8080 or 127.0.0.1:8080`},
		{[]string{"-n", "0", "true"}, 2, `--workers "0": want a number from 1 to 1024, or max for one worker for each CPU`},
		{[]string{"-n", "-1", "true"}, 2, `--workers "-1": want a number from 1 to 1024, or max for one worker for each CPU`},
		{[]string{"-n", "10000", "true"}, 2, `--workers "10000": want a number from 1 to 1024, or max for one worker for each CPU`},
		{[]string{"--env-file", dir + "/none", "true"}, 1, "--env-file: open " + dir + "/none: no such file or directory"},
	} {
		p := startPlain(t, nil, tt.args...)
		if code := p.wait(); code != tt.code {
			t.Errorf("%q: exit code %d, want %d", tt.args, code, tt.code)
		}
		if got := lastLine(p.stderr()); got != "gcl-tui: "+tt.want {
			t.Errorf("%q:\ngot  %s\nwant gcl-tui: %s", tt.args, got, tt.want)
		}
		p.copied.Wait()
		// A build is told as it happens; all else is found before anything is.
		if built := len(tt.args) > 0 && tt.args[0] == badSource; !built && p.out.String() != "" {
			t.Errorf("%q: on stdout: %q", tt.args, p.out.String())
		}
	}
}

func TestPortTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	addr := listener.Addr().String()
	p := startPlain(t, nil, "--headless", "-p", addr, "sleep", "1000")
	if code := p.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	// Who holds it is this test.
	last := lastLine(p.stderr())
	for _, want := range []string{addr, "in use", itoa(os.Getpid())} {
		if !strings.Contains(last, want) {
			t.Errorf("%q is not in %q", want, last)
		}
	}
}

func TestTooFewDescriptors(t *testing.T) {
	// exec: the limit is that of the program itself.
	p := startShell(t, `ulimit -n 200 && exec "$0" "$@"`, gclTUI, "-n", "64", "true")
	if code := p.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	const want = "gcl-tui: 64 workers need 1088 file descriptors and the limit is 200: raise it with ulimit -n 1088, or start fewer with -n"
	if got := lastLine(p.stderr()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestSoftLimitIsRaised: what the hard limit allows needs no action, and the
// workers keep the soft one.
func TestSoftLimitIsRaised(t *testing.T) {
	p := startShell(t, `ulimit -S -n 200 && exec "$0" "$@"`, gclTUI, "--headless", "-n", "64", "--ready", "delay:0s",
		"sh", "-c", `echo limit $(ulimit -n); exec sleep 1000`)
	p.awaitStdout("w64   | limit 200\n")
}

// TestPrivilegedPort runs as an ordinary user. Where ordinary users may have any
// port, as in many containers, it must simply work.
func TestPrivilegedPort(t *testing.T) {
	attr, mayListen := ordinaryUser(t)
	p := newPlain(t, nil, gclTUI, "--headless", "-p", "80", "sleep", "1000")
	p.cmd.SysProcAttr = attr
	p.start()
	if mayListen {
		p.awaitStdout("listening on ")
		return
	}
	if code := p.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	last := lastLine(p.stderr())
	for _, want := range []string{":80", "permission denied", "needs privilege"} {
		if !strings.Contains(last, want) {
			t.Errorf("%q is not in %q", want, last)
		}
	}
}

// ordinaryUser returns how to run without privileges, best in a network
// namespace of its own, in which limits are the kernel's defaults.
func ordinaryUser(t *testing.T) (attr *syscall.SysProcAttr, mayListen bool) {
	t.Helper()
	isolated := exec.Command("true")
	isolated.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET}
	if isolated.Run() == nil {
		return isolated.SysProcAttr, false
	}
	lowest, err := os.ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start")
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(lowest)))
	if err != nil {
		t.Fatal(err)
	}
	attr = &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534} // nobody
	}
	return attr, n <= 80
}

// TestStdinIsNoTerminal: a screen is possible, keys are not.
func TestStdinIsNoTerminal(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	p := newPlain(t, nil, gclTUI, "sleep", "1000")
	p.cmd.Env = append(p.cmd.Env, "TERM=xterm")
	p.cmd.Stdout = tty
	p.start()
	if code := p.wait(); code != 2 {
		t.Errorf("exit code %d", code)
	}
	const want = "gcl-tui: stdin is not a terminal, so no key would arrive: start it from a terminal, or with --headless"
	if got := lastLine(p.stderr()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
