//go:build unix && !linux

package build

import "syscall"

// dieWithParent does nothing: there is no parent-death signal here.
func dieWithParent(*syscall.SysProcAttr) {}

// awaitExit does nothing: the group is killed after its leader was reaped.
func awaitExit(int) {}

// reapGroup does nothing: orphans go to init.
func reapGroup(int) {}
