package adopt

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// references are the ways in which a process refers to a socket.
type references struct {
	descriptors   []descriptor
	registrations []registration
}

type descriptor struct {
	fd          int
	closeOnExec bool
}

// eventPoll is what a descriptor of an epoll instance leads to, proc_pid_fd(5).
const eventPoll = "anon_inode:[eventpoll]"

// registration is a socket's place in an epoll instance, epoll_ctl(2).
type registration struct {
	epoll  int // the instance's descriptor
	fd     int // as which the socket is registered
	events uint32
	data   uint64
}

// referencesTo finds how the process of a thread refers to a socket of which
// sock is a descriptor here.
func referencesTo(tid uint32, sock int) references {
	var refs references
	var instances []int
	self, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(sock))
	if err != nil {
		return refs
	}
	dir := fmt.Sprintf("/proc/%d/fd/", tid)
	all, err := os.ReadDir(dir)
	if err != nil {
		return refs
	}
	for _, f := range all {
		fd, err := strconv.Atoi(f.Name())
		if err != nil {
			continue
		}
		switch to, _ := os.Readlink(dir + f.Name()); to {
		case self:
			refs.descriptors = append(refs.descriptors, descriptor{fd, closesOnExec(tid, fd)})
		case eventPoll:
			instances = append(instances, fd)
		}
	}
	var file unix.Stat_t
	if unix.Fstat(sock, &file) != nil {
		return refs
	}
	for _, epoll := range instances {
		refs.registrations = append(refs.registrations, registered(tid, epoll, refs.descriptors, file.Ino)...)
	}
	return refs
}

// registered returns the registrations of descriptors of a file with an epoll
// instance, which proc_pid_fdinfo(5) shows as
//
//	tfd:        5 events: 80000019 data:                5  pos:0 ino:1e3f sdev:8
//
// What is registered under a number can be another file, of another process that
// has the instance, too. Kernels before 4.14 do not say which it is.
func registered(tid uint32, epoll int, of []descriptor, inode uint64) []registration {
	var found []registration
	for line := range strings.Lines(fdinfo(tid, epoll)) {
		f := strings.Fields(line)
		if len(f) < 6 || f[0] != "tfd:" {
			continue
		}
		if len(f) > 7 && f[7] != fmt.Sprintf("ino:%x", inode) {
			continue
		}
		fd, _ := strconv.Atoi(f[1])
		events, _ := strconv.ParseUint(f[3], 16, 32)
		data, _ := strconv.ParseUint(f[5], 16, 64)
		for _, d := range of {
			if d.fd == fd {
				found = append(found, registration{epoll, fd, uint32(events), data})
			}
		}
	}
	return found
}

// closesOnExec reads the flags of another process's descriptor, which are octal.
func closesOnExec(tid uint32, fd int) bool {
	_, after, _ := strings.Cut(fdinfo(tid, fd), "flags:")
	line, _, _ := strings.Cut(after, "\n")
	flags, err := strconv.ParseUint(strings.TrimSpace(line), 8, 32)
	return err == nil && flags&unix.O_CLOEXEC != 0
}

func fdinfo(tid uint32, fd int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", tid, fd))
	if err != nil {
		return ""
	}
	return string(text)
}
