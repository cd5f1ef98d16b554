//go:build !linux

package router

import "syscall"

// Unpace does nothing: no other system paces by default.
func Unpace(syscall.RawConn) {}
