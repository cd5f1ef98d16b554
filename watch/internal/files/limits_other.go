//go:build !linux

package files

import (
	"errors"
	"syscall"
)

// limitReached reports whether err says that the system lends no more watches,
// and what to do about it. With kqueue(2) every file takes a descriptor.
func limitReached(err error) (advice string, reached bool) {
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return "the limit of open files is reached, so changes are looked for periodically: ulimit -n 10240", true
	}
	return "", false
}
