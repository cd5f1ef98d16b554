//go:build unix && !linux

package proc

import (
	"errors"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func sysProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// awaitExit waits for a child to end and reaps it: waitid(2) with WNOWAIT is
// not to be had everywhere.
func awaitExit(pid int) (Exit, error) {
	var status unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &status, 0, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return Exit{}, err
		}
		break
	}
	exit := Exit{Code: status.ExitStatus(), Time: time.Now()}
	if status.Signaled() {
		exit.Code, exit.Signal = -1, unix.SignalName(status.Signal())
	}
	return exit, nil
}

func reap(int) {}
