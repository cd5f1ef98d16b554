package adopt

import (
	"bufio"
	"errors"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// deadline is how long anything a test waits for may take on a busy machine.
const deadline = 60 * time.Second

// goServerVar names the Go server for a run of the tests that cannot build it.
const goServerVar = "ADOPT_TEST_GOSERVER"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == ShimArg {
		RunShim(os.Args[2:])
		os.Exit(125)
	}
	// What this process was given by accident, its workers would have too.
	_ = unix.CloseRange(3, 1<<31, unix.CLOSE_RANGE_CLOEXEC)
	goleak.VerifyTestMain(m, goleak.Cleanup(func(exitCode int) {
		_ = os.RemoveAll(goServerDir)
		os.Exit(exitCode)
	}))
}

// fakeHost gives each wanted address a private one, and remembers what it heard.
type fakeHost struct {
	refuse syscall.Errno // for every bind
	public bool          // the wanted address is the one to bind
	shared *UnixSockets  // by all workers of a program

	mu        sync.Mutex
	binds     []Bind
	joined    []Listener
	private   map[Bind]netip.AddrPort
	moved     map[netip.AddrPort]netip.AddrPort
	listening chan netip.AddrPort
	unix      chan string // names of Unix sockets that it listens on
	replaced  atomic.Bool
}

func newHost() *fakeHost {
	return &fakeHost{
		private: map[Bind]netip.AddrPort{}, moved: map[netip.AddrPort]netip.AddrPort{},
		shared: new(UnixSockets), listening: make(chan netip.AddrPort, 1000), unix: make(chan string, 1000),
	}
}

// lastIP is the private address that was given last, in 127.33.0.0/16.
var lastIP = struct {
	sync.Mutex
	ip netip.Addr
}{ip: netip.AddrFrom4([4]byte{127, 33, byte(os.Getpid() % 251), 0})}

func nextIP() netip.Addr {
	lastIP.Lock()
	defer lastIP.Unlock()
	lastIP.ip = lastIP.ip.Next()
	return lastIP.ip
}

func (h *fakeHost) Bind(b Bind) (netip.AddrPort, syscall.Errno) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.binds = append(h.binds, b)
	if h.refuse != 0 {
		return netip.AddrPort{}, h.refuse
	}
	if h.public {
		return b.Want, 0
	}
	if _, again := h.private[b]; !again {
		h.private[b] = netip.AddrPortFrom(nextIP(), b.Want.Port())
	}
	return h.private[b], 0
}

func (h *fakeHost) Bound(want, private netip.AddrPort) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.moved[want] = private
}

func (h *fakeHost) Listening(private netip.AddrPort) { h.listening <- private }

func (h *fakeHost) ListeningUnix(name string) { h.unix <- name }

func (h *fakeHost) Replaced() bool { return h.replaced.Load() }

func (h *fakeHost) Join(l Listener) syscall.Errno {
	var errno syscall.Errno
	errors.As(unix.Listen(l.Socket, l.Backlog), &errno)
	h.mu.Lock()
	h.joined = append(h.joined, l)
	h.mu.Unlock()
	h.listening <- l.Addr
	return errno
}

// asked returns the binds so far.
func (h *fakeHost) asked() []Bind {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Bind(nil), h.binds...)
}

// awaitListening returns where the worker listens next.
func (h *fakeHost) awaitListening(t *testing.T) netip.AddrPort {
	t.Helper()
	select {
	case addr := <-h.listening:
		return addr
	case <-time.After(deadline):
		t.Fatal("the worker does not listen")
		return netip.AddrPort{}
	}
}

// worker is a program that was started through the shim.
type worker struct {
	t      *testing.T
	cmd    *exec.Cmd
	host   *fakeHost
	out    *bufio.Reader
	served chan error
}

// adopted starts a program that is adopted.
func adopted(t *testing.T, host *fakeHost, path string, args ...string) *worker {
	t.Helper()
	l, err := NewLaunch(path, append([]string{path}, args...), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, l, host)
}

// run starts a launch; the program and all that it started are killed at the
// end of the test.
func run(t *testing.T, l *Launch, host *fakeHost, env ...string) *worker {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	if err := r.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(l.Path)
	cmd.Args, cmd.ExtraFiles = l.Args, l.Extra
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = w, t.Output(), deadline
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		l.Abandon()
		t.Fatal(err)
	}
	l.Started()
	wk := &worker{t: t, cmd: cmd, host: host, out: bufio.NewReader(r), served: make(chan error, 1)}
	go func() { wk.served <- l.Serve(host, host.shared) }()
	t.Cleanup(wk.end)
	return wk
}

// end kills the worker, and checks that the session ends with its processes.
func (w *worker) end() {
	_ = unix.Kill(-w.cmd.Process.Pid, unix.SIGKILL)
	_ = w.cmd.Wait()
	if w.served == nil {
		return
	}
	select {
	case err := <-w.served:
		if err != nil {
			w.t.Errorf("the session ended with %v", err)
		}
	case <-time.After(deadline):
		w.t.Error("the session lives on without a process")
	}
}

// line returns the next line that the program prints.
func (w *worker) line() string {
	w.t.Helper()
	line, err := w.out.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		w.t.Fatalf("read the program's output: %v", err)
	}
	return strings.TrimSpace(line)
}

// expect compares what the program prints next.
func (w *worker) expect(lines ...string) {
	w.t.Helper()
	for _, want := range lines {
		if got := w.line(); got != want {
			w.t.Errorf("the program says %q, want %q", got, want)
		}
	}
}

// interpreter finds an interpreter itself, not what chooses between several.
func interpreter(t *testing.T, name, printPath string) string {
	t.Helper()
	eval := map[string]string{"python3": "-c", "node": "-e"}[name]
	out, err := exec.Command(name, eval, printPath).Output()
	if err != nil {
		t.Fatalf("%s is needed to test other people's programs: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

func python(t *testing.T) string {
	t.Helper()
	return interpreter(t, "python3", "import sys; print(sys.executable)")
}

func node(t *testing.T) string {
	t.Helper()
	return interpreter(t, "node", "console.log(process.execPath)")
}

// sockets starts testdata/sockets.py.
func sockets(t *testing.T, host *fakeHost, args ...string) *worker {
	t.Helper()
	return adopted(t, host, python(t), append([]string{"testdata/sockets.py"}, args...)...)
}

var goServerDir string

var buildGoServer = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(goServerVar); path != "" {
		return path, nil
	}
	var err error
	if goServerDir, err = os.MkdirTemp("", "adopt-test"); err != nil {
		return "", err
	}
	path := filepath.Join(goServerDir, "goserver")
	out, err := exec.Command("go", "build", "-o", path, "./testdata/goserver").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func goServer(t *testing.T) string {
	t.Helper()
	path, err := buildGoServer()
	if err != nil {
		t.Fatalf("build the Go server: %v", err)
	}
	return path
}
