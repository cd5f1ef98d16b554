//go:build unix && !linux

package router

// FIONREAD of sys/filio.h.
const fionread = 0x4004667f
