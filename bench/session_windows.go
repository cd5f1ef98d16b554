package main

import (
	"errors"
	"syscall"
)

// ownSession changes nothing here.
func ownSession() *syscall.SysProcAttr { return nil }

// sharePort fails: Windows does not spread connections over sockets.
func sharePort(_, _ string, _ syscall.RawConn) error {
	return errors.New("this system has no SO_REUSEPORT")
}
