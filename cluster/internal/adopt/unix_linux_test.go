package adopt

import (
	"bufio"
	"errors"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// copies returns hosts of so many workers of one program.
func copies(t *testing.T, n int) []*fakeHost {
	t.Helper()
	hosts := make([]*fakeHost, n)
	for i := range hosts {
		hosts[i] = newHost()
		hosts[i].shared = hosts[0].shared
	}
	t.Cleanup(hosts[0].shared.Close)
	return hosts
}

// awaitUnix waits until a worker listens on a Unix socket of this name.
func (h *fakeHost) awaitUnix(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-h.unix:
		if got != want {
			t.Errorf("it listens on %s, want %s", got, want)
		}
	case <-time.After(deadline):
		t.Fatal("the worker does not listen")
	}
}

// expectAnswers connects until exactly these workers have answered.
func expectAnswers(t *testing.T, network, addr string, workers ...*worker) {
	t.Helper()
	known := map[int]bool{}
	for _, w := range workers {
		known[w.cmd.Process.Pid] = true
	}
	missing := maps.Clone(known)
	for end := time.Now().Add(deadline); len(missing) > 0; {
		pid := answerFrom(t, network, addr)
		if !known[pid] || time.Now().After(end) {
			t.Fatalf("%d answers at %s; %v have not answered", pid, addr, missing)
		}
		delete(missing, pid)
	}
}

// socketPath returns a path that is short enough, unix(7).
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "adopt") //nolint:usetesting // t.TempDir is too long, and closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "s")
}

func TestUnixSocketsAreShared(t *testing.T) {
	abstract := "@adopt test " + strconv.Itoa(os.Getpid())
	for name, kind := range map[string]string{"path": "STREAM", "relative": "STREAM", "abstract": "STREAM", "packets": "SEQPACKET"} {
		t.Run(name, func(t *testing.T) {
			path := socketPath(t)
			args, addr := []string{"unix", path, kind}, path
			switch name {
			case "relative":
				args = []string{"unix", filepath.Base(path), kind, filepath.Dir(path)}
			case "abstract":
				args, addr = []string{"unix", abstract}, abstract
			}
			network := map[string]string{"STREAM": "unix", "SEQPACKET": "unixpacket"}[kind]
			var all []*worker
			for _, host := range copies(t, 3) {
				w := sockets(t, host, args...)
				w.expect("ok")
				host.awaitUnix(t, "unix:"+args[1])
				all = append(all, w)
			}
			expectAnswers(t, network, addr, all...)
		})
	}
}

// Workers that start at the same moment share all the same.
func TestUnixSocketOfMany(t *testing.T) {
	path := socketPath(t)
	var all []*worker
	for _, host := range copies(t, 16) {
		all = append(all, sockets(t, host, "unix", path))
	}
	for _, w := range all {
		w.expect("ok")
	}
	expectAnswers(t, "unix", path, all...)
}

// A worker that removes the files at the moment when another binds them removes none.
func TestUnixSocketsAreBoundWhileTheyAreRemoved(t *testing.T) {
	path, hosts := socketPath(t), copies(t, 2)
	sockets(t, hosts[0], "unixremove", path, "20").expect("removes")
	sockets(t, hosts[1], "unixmany", path, "20").expect("bound")
	for i := range 20 {
		if _, err := os.Lstat(path + strconv.Itoa(i)); err != nil {
			t.Error(err)
		}
	}
}

// The file, the name and the listener's credentials are as without us.
func TestUnixSocketIsTheProgramsOwn(t *testing.T) {
	path, users := socketPath(t), []int{os.Getuid()}
	if os.Getuid() == 0 {
		users = append(users, 65534)
	}
	for _, user := range users {
		_ = os.Remove(path)
		hosts := copies(t, 2)
		var all []*worker
		for _, host := range hosts {
			args := []string{"unix", path}
			if user != os.Getuid() {
				args = []string{"unixuser", path, strconv.Itoa(user)}
			}
			w := sockets(t, host, args...)
			w.expect("ok")
			host.awaitUnix(t, "unix:"+path)
			all = append(all, w)
		}
		last := all[1]
		file, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if owner := file.Sys().(*syscall.Stat_t).Uid; file.Mode() != os.ModeSocket|0o750 || int(owner) != user {
			t.Errorf("the file is %v of %d, want %d", file.Mode(), owner, user)
		}
		expectAnswers(t, "unix", path, all...) // so both have called listen
		if peer := peerOf(t, path); int(peer.Pid) != last.cmd.Process.Pid || int(peer.Uid) != user {
			t.Errorf("clients see %+v, want pid %d of %d", peer, last.cmd.Process.Pid, user)
		}
	}
}

// peerOf returns what a client is told of who listens.
func peerOf(t *testing.T, path string) *unix.Ucred {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		t.Fatal(err)
	}
	peer, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		t.Fatal(err)
	}
	return peer
}

func TestUnixDescriptorsAreKept(t *testing.T) {
	for _, inherited := range []string{"0", "1"} {
		path := socketPath(t)
		var all []*worker
		for _, host := range copies(t, 2) {
			w := sockets(t, host, "unixfacts", path, inherited)
			w.expect("same", path)
			all = append(all, w)
		}
		expectAnswers(t, "unix", path, all...)
	}
}

// What removes the file before it binds reaches the same socket, by the same file.
func TestUnixSocketRemovedFirst(t *testing.T) {
	for name, argv := range map[string][]string{
		"go":     {goServer(t), "anew"},
		"node":   {node(t), "testdata/unix.js"},
		"python": {python(t), "testdata/sockets.py", "unixremoved"},
	} {
		t.Run(name, func(t *testing.T) {
			path := socketPath(t)
			if err := os.WriteFile(path, nil, 0o600); err != nil { // a file of an earlier run
				t.Fatal(err)
			}
			var all []*worker
			var first os.FileInfo
			for _, host := range copies(t, 3) {
				all = append(all, adopted(t, host, argv[0], append(argv[1:], path)...))
				host.awaitUnix(t, "unix:"+path)
				file, err := os.Lstat(path)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = file
				}
				if !os.SameFile(first, file) {
					t.Error("the file is another one")
				}
			}
			expectAnswers(t, "unix", path, all...)
		})
	}
}

// The file goes with the last worker, unless that is to be followed by another.
func TestUnixSocketRemovedAtTheEnd(t *testing.T) {
	for _, replaced := range []bool{false, true} {
		path := socketPath(t)
		var all []*worker
		hosts := copies(t, 3)
		for _, host := range hosts {
			host.replaced.Store(replaced)
			w := sockets(t, host, "unixgone", path)
			w.expect("ok", "serves")
			all = append(all, w)
		}
		for i, w := range all {
			expectAnswers(t, "unix", path, all[i:]...)
			if err := w.cmd.Process.Signal(unix.SIGTERM); err != nil {
				t.Fatal(err)
			}
			w.expect("ok", "")
		}
		conn, err := net.Dial("unix", path)
		if !replaced {
			if !errors.Is(err, unix.ENOENT) {
				t.Errorf("after the last worker: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		w := sockets(t, copyOf(hosts[0]), "unix", path)
		w.expect("ok")
		expectLine(t, conn, w)
	}
}

// copyOf returns the host of another worker of the same program.
func copyOf(of *fakeHost) *fakeHost {
	host := newHost()
	host.shared = of.shared
	return host
}

// expectLine checks that a worker answers on a connection.
func expectLine(t *testing.T, conn net.Conn, w *worker) {
	t.Helper()
	_ = conn.SetDeadline(time.Now().Add(deadline))
	line, err := bufio.NewReader(conn).ReadString('\n')
	if strings.TrimSpace(line) != strconv.Itoa(w.cmd.Process.Pid) {
		t.Errorf("%q answers (%v), want %d", line, err, w.cmd.Process.Pid)
	}
}

// A worker that is to end takes no more of what the others can.
func TestUnixWorkerRetires(t *testing.T) {
	path := socketPath(t)
	var all []*worker
	hosts := copies(t, 2)
	for _, host := range hosts {
		w := sockets(t, host, "unixfacts", path, "0")
		w.expect("same", path)
		all = append(all, w)
	}
	expectAnswers(t, "unix", path, all...)
	hosts[0].shared.Retire([]int{all[0].cmd.Process.Pid})
	for range 200 {
		expectAnswers(t, "unix", path, all[1])
	}
}

// What waits in the queue of workers that are killed is there for the next.
func TestUnixQueueOutlastsTheWorkers(t *testing.T) {
	path, host := socketPath(t), copies(t, 1)[0]
	w := sockets(t, host, "unix", path)
	w.expect("ok")
	host.awaitUnix(t, "unix:"+path)
	expectAnswers(t, "unix", path, w)
	if err := w.cmd.Process.Signal(unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := unix.Waitid(unix.P_PID, w.cmd.Process.Pid, nil, unix.WSTOPPED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	w.end()
	w.served = nil
	next := sockets(t, copyOf(host), "unix", path)
	next.expect("ok")
	expectLine(t, conn, next)
}

func TestUnixSocketBoundAnew(t *testing.T) {
	path, hosts := socketPath(t), copies(t, 2)
	other := sockets(t, hosts[0], "unix", path)
	other.expect("ok")
	hosts[0].awaitUnix(t, "unix:"+path)
	w := sockets(t, hosts[1], "unixanew", path)
	w.expect("EADDRINUSE", "ok", "ok")
	expectAnswers(t, "unix", path, other, w)

	alone, host := socketPath(t), copies(t, 1)[0]
	w = sockets(t, host, "unixanew", alone)
	w.expect("EADDRINUSE", "ok", "ok")
	for range 2 { // the first socket, and the last
		host.awaitUnix(t, "unix:"+alone)
	}
	expectAnswers(t, "unix", alone, w)
}

// A file that is not one of a shared socket is in the way, as without us.
func TestUnixSocketOfAStranger(t *testing.T) {
	path := socketPath(t)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	host := copies(t, 1)[0]
	sockets(t, host, "unix", path).expect("EADDRINUSE")
	sockets(t, host, "unix", "/nonexistent/s").expect("ENOENT")
}

// A client that has a path of its own hangs up when it says so.
func TestUnixClientsAreUntouched(t *testing.T) {
	path, host := socketPath(t), copies(t, 1)[0]
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	w := sockets(t, host, "unixclient", path+"c", path)
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	w.expect("closed")
	host.shared.Sweep()
	_ = conn.SetDeadline(time.Now().Add(deadline))
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection: %v", err)
	}
}

// With mounts of its own a worker has files of its own.
func TestUnixSocketElsewhere(t *testing.T) {
	if os.Getuid() != 0 {
		return // it takes privilege
	}
	path, hosts := socketPath(t), copies(t, 2)
	sockets(t, hosts[0], "unix", path).expect("ok")
	hosts[0].awaitUnix(t, "unix:"+path)
	sockets(t, hosts[1], "unixelsewhere", path, strconv.Itoa(unix.CLONE_NEWNS)).expect("0", "EADDRINUSE")
}

// Files that are none of shared sockets are removed.
func TestRemovalIsUntouched(t *testing.T) {
	path, hosts := socketPath(t), copies(t, 2)
	sockets(t, hosts[0], "unix", path).expect("ok")
	dir := t.TempDir()
	for _, f := range []string{"a", "b/c"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o700); err != nil {
		t.Fatal(err)
	}
	sockets(t, hosts[1], "remove", dir).expect("ok ENOENT ok ok", "")
}
