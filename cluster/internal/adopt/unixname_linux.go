package adopt

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// unixName is a Unix socket's address as bind(2) takes it, with the family
// (unix(7)).
type unixName struct{ raw string }

// parseUnixName reads an address; ok is false for another family and for one
// that has the kernel choose a name.
func parseUnixName(raw []byte) (name unixName, ok bool) {
	const family = 2 // bytes
	if len(raw) <= family || uint16(raw[0])|uint16(raw[1])<<8 != unix.AF_UNIX {
		return unixName{}, false
	}
	if raw[family] != 0 { // a path may end before the address does
		path, _, _ := bytes.Cut(raw[family:], []byte{0})
		raw = raw[:family+len(path)]
	}
	return unixName{string(raw)}, true
}

func (n unixName) abstract() bool { return n.raw[2] == 0 }

// String returns the name in the usual notation.
func (n unixName) String() string {
	if n.abstract() {
		return "unix:@" + strings.ToValidUTF8(n.raw[3:], "?")
	}
	return "unix:" + strings.ToValidUTF8(n.raw[2:], "?")
}

// seenFrom returns the path at which the file is found that a worker's thread
// means.
func (n unixName) seenFrom(tid uint32) string { return seenFrom(tid, n.raw[2:]) }

func seenFrom(tid uint32, path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return fmt.Sprintf("/proc/%d/cwd/%s", tid, path)
}

// sharesNames says whether a thread means the same by a name as this process: it
// has the same network for abstract ones, and else the same mounts and root.
func (n unixName) sharesNames(tid uint32) bool {
	if n.abstract() {
		return sameFile(tid, "ns/net")
	}
	return sharesFiles(tid)
}

func sharesFiles(tid uint32) bool { return sameFile(tid, "ns/mnt") && sameFile(tid, "root") }

// sameFile says whether a link in /proc/PID leads to the same for a thread and
// for this process.
func sameFile(tid uint32, link string) bool {
	its, err := os.Stat(fmt.Sprintf("/proc/%d/%s", tid, link))
	if err != nil {
		return false
	}
	own, err := os.Stat("/proc/self/" + link)
	return err == nil && os.SameFile(its, own)
}

// bind binds a worker's own socket to the name, as the worker would. handled is
// false if that cannot be done.
func (n unixName) bind(tid uint32, sock int) (handled bool, errno unix.Errno) {
	if n.abstract() {
		return true, bindRaw(sock, n.raw)
	}
	args, err := likeThread(tid)
	if err != nil {
		return false, 0
	}
	dup, err := unix.FcntlInt(uintptr(sock), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return false, 0
	}
	socket := os.NewFile(uintptr(dup), "socket")
	defer socket.Close()
	cmd := exec.Command(selfExe)
	cmd.Args = append([]string{"gcl-tui", ShimArg, modeBind, hex.EncodeToString([]byte(n.raw))}, args...)
	cmd.Dir = fmt.Sprintf("/proc/%d/cwd", tid)
	cmd.ExtraFiles = []*os.File{socket}
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case err == nil:
		return true, 0
	case errors.As(err, &exit) && exit.ExitCode() > 0 && exit.ExitCode() != exitUnable:
		return true, unix.Errno(exit.ExitCode())
	}
	return false, 0
}

// exitUnable is the exit code of a process that could not try to bind; others are
// the errno.
const exitUnable = 255

// likeThread returns what a file depends on that a thread makes: the mode mask,
// and the user and groups if they are not this process's own.
func likeThread(tid uint32) ([]string, error) {
	its, err := statusOf(strconv.Itoa(int(tid)))
	if err != nil {
		return nil, err
	}
	own, err := statusOf("self")
	if err != nil {
		return nil, err
	}
	args := []string{its.umask}
	if its.uid != own.uid || its.gid != own.gid || !slices.Equal(its.groups, own.groups) {
		args = append(append(args, its.uid, its.gid), its.groups...)
	}
	return args, nil
}

// status is a part of /proc/PID/status, as text.
type status struct {
	umask    string
	uid, gid string // for access to files
	groups   []string
}

func statusOf(pid string) (s status, err error) {
	text, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return s, err
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		f := strings.Fields(value)
		switch {
		case key == "Umask" && len(f) == 1:
			s.umask = f[0]
		case key == "Uid" && len(f) == 4: // real, effective, saved, file system
			s.uid = f[3]
		case key == "Gid" && len(f) == 4:
			s.gid = f[3]
		case key == "Groups":
			s.groups = f
		}
	}
	if s.umask == "" || s.uid == "" || s.gid == "" {
		return s, fmt.Errorf("the status of %s has no mask or user", pid)
	}
	return s, nil
}

// binder is what bind has done in a process of its own, whose working directory,
// mode mask and user are those of the worker: args are the address and what
// likeThread returns. It returns the exit code.
func binder(args []string) int {
	raw, err := hex.DecodeString(args[0])
	if err != nil || len(args) < 2 {
		return exitUnable
	}
	numbers := make([]int, len(args)-2)
	for i, text := range args[2:] {
		if numbers[i], err = strconv.Atoi(text); err != nil {
			return exitUnable
		}
	}
	mask, err := strconv.ParseInt(args[1], 8, 32)
	if err != nil {
		return exitUnable
	}
	unix.Umask(int(mask))
	if len(numbers) >= 2 {
		uid, gid := numbers[0], numbers[1]
		if unix.Setgroups(numbers[2:]) != nil || unix.Setresgid(gid, gid, gid) != nil || unix.Setresuid(uid, uid, uid) != nil {
			return exitUnable
		}
	}
	return int(bindRaw(controlFD, string(raw)))
}
