package adopt

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"
)

// register registers a socket with another process's epoll instance, or takes it
// out (op, epoll_ctl(2)), under the number that its descriptor has there, which is
// part of the registration's name (epoll(7), Q1). Here that number is likely to be
// something else's, so a process does it in which nothing is open: the shim in the
// role of a registrar.
func register(op int, tid uint32, r registration, sock int) error {
	instance, err := borrow(tid, r.epoll)
	if err != nil {
		return err
	}
	epoll := os.NewFile(uintptr(instance), "epoll")
	defer epoll.Close()
	copied, err := unix.FcntlInt(uintptr(sock), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return err
	}
	socket := os.NewFile(uintptr(copied), "socket")
	defer socket.Close()
	cmd := exec.Command(selfExe)
	cmd.Args = []string{
		"gcl-tui", ShimArg, modeRegister, strconv.Itoa(op),
		strconv.Itoa(r.fd), strconv.FormatUint(uint64(r.events), 10), strconv.FormatUint(r.data, 10),
	}
	cmd.ExtraFiles = []*os.File{epoll, socket}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("register with epoll: %w: %s", err, out)
	}
	return nil
}

// registrar is what register has done in a process of its own: args are the
// operation, the descriptor, the events and the data.
func registrar(args []string) error {
	var numbers [4]uint64
	for i := range numbers {
		n, err := strconv.ParseUint(args[i], 10, 64)
		if err != nil {
			return err
		}
		numbers[i] = n
	}
	op, fd := int(numbers[0]), int(numbers[1])
	// Out of the way, in case that it is one of the two.
	epoll, err := unix.FcntlInt(controlFD, unix.F_DUPFD, fd+1)
	if err != nil {
		return err
	}
	if fd != controlFD+1 {
		if err := unix.Dup3(controlFD+1, fd, 0); err != nil {
			return err
		}
	}
	event := unix.EpollEvent{Events: uint32(numbers[2])}
	event.Fd, event.Pad = int32(numbers[3]), int32(numbers[3]>>32) // epoll_data
	return unix.EpollCtl(epoll, op, fd, &event)
}
