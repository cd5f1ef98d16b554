package adopt

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestProbe(t *testing.T) {
	if err := Probe(); err != nil {
		t.Errorf("adoption does not work here: %v", err)
	}
}

func TestExecErrors(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, want := range map[string]syscall.Errno{
		write("interpreter", "#!/no/such/interpreter\n", 0o755): syscall.ENOENT,
		write("mode", "#!/bin/sh\n", 0o644):                     syscall.EACCES,
		write("format", "echo no first line\n", 0o755):          syscall.ENOEXEC,
		filepath.Join(dir, "missing"):                           syscall.ENOENT,
		dir:                                                     syscall.EACCES,
	} {
		for _, adopt := range []bool{true, false} {
			l, err := NewLaunch(path, []string{path}, adopt, nil)
			if err != nil {
				t.Fatal(err)
			}
			w := run(t, l, newHost())
			served := <-w.served
			w.served = nil
			var failed *ExecError
			if !errors.As(served, &failed) || failed.Errno != want || failed.Path != path {
				t.Errorf("%s, adopt %v: %v, want %v", filepath.Base(path), adopt, served, want)
			}
			if !errors.Is(served, want) || !strings.Contains(served.Error(), path) {
				t.Errorf("%s: the error is %v", filepath.Base(path), served)
			}
		}
	}
}

// TestNothingIsInherited lists an adopted program's descriptors. The master has one
// that a library has left open for it.
func TestNothingIsInherited(t *testing.T) {
	leaked, err := unix.EpollCreate1(0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(leaked) }()
	sockets(t, newHost(), "inherited").
		expect("files 0 1 2", "LISTEN_FDS none", "LISTEN_FDNAMES none", "LISTEN_PID none", "entries 0")
}

func TestPassedListener(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	py := python(t)
	launch, err := NewLaunch(py, []string{"python3", "testdata/sockets.py", "inherited"}, false, file)
	if err != nil {
		t.Fatal(err)
	}
	// What the environment said before was meant for somebody else.
	w := run(t, launch, newHost(), "LISTEN_PID=1", "LISTEN_FDS=7", "LISTEN_FDNAMES=x:y")
	w.expect("files 0 1 2 3", "LISTEN_FDS 1", "LISTEN_FDNAMES http", "LISTEN_PID mine", "entries 3")
	if pid := answerFrom(t, "tcp", l.Addr().String()); pid != w.cmd.Process.Pid {
		t.Errorf("%d answers", pid)
	}
	expectUnasked(t, w.host)
}

// TestStrangeSocketIsNotPassed starts a program without a listener whose
// descriptor 4 is, by chance, a socket.
func TestStrangeSocketIsNotPassed(t *testing.T) {
	strange, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = strange.Close() }()
	file, err := strange.File()
	if err != nil {
		t.Fatal(err)
	}
	launch, err := NewLaunch(python(t), []string{"python3", "testdata/sockets.py", "inherited"}, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	launch.Extra = append(launch.Extra, file)
	run(t, launch, newHost()).
		expect("files 0 1 2 4", "LISTEN_FDS none", "LISTEN_FDNAMES none", "LISTEN_PID none", "entries 0")
}

// TestAbandon gives up a launch that was never started.
func TestAbandon(t *testing.T) {
	l, err := NewLaunch("/bin/true", []string{"true"}, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	l.Abandon()
	if err := l.Serve(newHost(), new(UnixSockets)); err == nil {
		t.Error("an abandoned launch can be served")
	}
	for _, f := range append(l.Extra, l.control) {
		if _, err := f.Stat(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s is open: %v", f.Name(), err)
		}
	}
}
