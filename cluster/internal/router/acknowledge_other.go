//go:build unix && !linux

package router

// acknowledge does nothing: there is no way to ask for that.
func acknowledge(uintptr) {}
