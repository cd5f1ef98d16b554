//go:build unix

package build

import (
	"os/exec"
	"syscall"
)

// isolate gives a command a process group, which is killed as a whole. It is
// not a session: the master of a cluster reaps all orphans of other sessions,
// which may be those that waitGroup waits for.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// waitGroup waits for a command and ends what is left of its group.
func waitGroup(cmd *exec.Cmd) error {
	group := cmd.Process.Pid
	awaitExit(group)
	// The leader is not reaped yet, where the system allows for that: the number
	// cannot have become another group's.
	_ = syscall.Kill(-group, syscall.SIGKILL)
	err := cmd.Wait()
	reapGroup(group)
	return err
}
