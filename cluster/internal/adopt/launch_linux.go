package adopt

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// selfExe is this executable, also after its file was replaced or removed.
const selfExe = "/proc/self/exe"

// Executable returns a path at which this executable can be started again.
func Executable() (string, error) { return selfExe, nil }

// NewLaunch prepares the start of the program at path with argv. If adopt is
// false the program gets listener, which may be nil, by its environment. Call
// Started or Abandon, then Serve.
func NewLaunch(path string, argv []string, adopt bool, listener *os.File) (*Launch, error) {
	mode := modePlain
	switch {
	case adopt:
		mode = modeAdopt
	case listener != nil:
		mode = modeEnv
	}
	return newLaunch(mode, path, argv, listener)
}

func newLaunch(mode, path string, argv []string, listener *os.File) (*Launch, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socketpair: %w", err)
	}
	extra := []*os.File{os.NewFile(uintptr(pair[1]), "shim")}
	if listener != nil {
		extra = append(extra, listener)
	}
	return &Launch{
		Path:    selfExe,
		Args:    append([]string{"gcl-tui", ShimArg, mode, path}, argv...),
		Extra:   extra,
		program: path,
		control: os.NewFile(uintptr(pair[0]), "shim control"),
	}, nil
}

// Started gives up the child's ends, once the process has been started or
// could not be.
func (l *Launch) Started() {
	for _, f := range l.Extra {
		_ = f.Close()
	}
}

// Abandon releases everything, for a process that could not be started.
func (l *Launch) Abandon() {
	l.Started()
	_ = l.control.Close()
}

// Serve answers the worker's calls until none of its processes is left; shared
// is the same for all workers of a program. It
// returns early with an *ExecError or a *FilterError if the program did not
// come to run.
func (l *Launch) Serve(host Host, shared *UnixSockets) error {
	conn, err := net.FileConn(l.control)
	_ = l.control.Close()
	if err != nil {
		return err
	}
	control := conn.(*net.UnixConn)
	defer func() { _ = control.Close() }()

	served := make(chan error, 1)
	serving := false
	for {
		fd, failure, err := l.next(control)
		switch {
		case errors.Is(err, io.EOF) && serving: // it runs
			return <-served
		case errors.Is(err, io.EOF): // it runs without a filter, or the shim was killed
			return nil
		case err != nil:
			return err
		case failure != nil:
			return failure
		}
		s, err := newSession(fd, host, shared)
		if err != nil {
			return err
		}
		serving = true
		go func() { served <- s.serve() }()
	}
}

// next reads one message of the shim: the notification descriptor or a
// failure, or io.EOF once the program runs.
func (l *Launch) next(control *net.UnixConn) (fd int, failure, err error) {
	buf, oob := make([]byte, 32), make([]byte, unix.CmsgSpace(4))
	n, oobn, _, _, err := control.ReadMsgUnix(buf, oob)
	if err != nil {
		return -1, nil, err
	}
	if n == 0 {
		return -1, nil, io.EOF
	}
	if buf[0] == 'N' {
		fd, err := oneRight(oob[:oobn])
		return fd, nil, err
	}
	number, _ := strconv.Atoi(string(buf[1:n]))
	if buf[0] == failedFilter {
		return -1, &FilterError{syscall.Errno(number)}, nil
	}
	return -1, &ExecError{l.program, syscall.Errno(number)}, nil
}

func oneRight(oob []byte) (int, error) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return -1, fmt.Errorf("read the shim's descriptor: %w", err)
	}
	if len(messages) != 1 { // dropped, if this process has too many open
		return -1, errors.New("no descriptor came from the shim: too many open files?")
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return -1, fmt.Errorf("read the shim's descriptor: %w", err)
	}
	if len(fds) != 1 {
		return -1, fmt.Errorf("%d descriptors came from the shim instead of one", len(fds))
	}
	unix.CloseOnExec(fds[0])
	return fds[0], nil
}
