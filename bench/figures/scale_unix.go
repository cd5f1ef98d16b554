//go:build unix

package main

import "syscall"

func (h *headless) more() error  { return h.cmd.Process.Signal(syscall.SIGTTIN) }
func (h *headless) fewer() error { return h.cmd.Process.Signal(syscall.SIGTTOU) }
