package proc

import (
	"errors"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func sysProcAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// Values of si_code for SIGCHLD, sigaction(2).
const (
	cldKilled = 2
	cldDumped = 3
)

// statusOffset is where struct siginfo has si_status: behind si_pid and si_uid, of
// 4 bytes each, in a union that follows three ints and is aligned as a pointer is.
const (
	word         = unsafe.Sizeof(uintptr(0))
	statusOffset = (3*4+word-1)/word*word + 2*4
)

// awaitExit waits for a child to end and leaves it to be reaped, so that its
// pid stays taken (waitid(2), WNOWAIT).
func awaitExit(pid int) (Exit, error) {
	var info unix.Siginfo
	for {
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOWAIT, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return Exit{}, err
		}
		break
	}
	status := *(*int32)(unsafe.Add(unsafe.Pointer(&info), statusOffset))
	exit := Exit{Code: int(status), Time: time.Now()}
	if info.Code == cldKilled || info.Code == cldDumped {
		exit.Code, exit.Signal = -1, unix.SignalName(syscall.Signal(status))
	}
	return exit, nil
}

func reap(pid int) {
	for {
		_, err := unix.Wait4(pid, nil, 0, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
