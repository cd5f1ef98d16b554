package cli

import (
	"fmt"
	"runtime/debug"
)

// panicError is a panic in one of this package's goroutines.
type panicError struct {
	what  string
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("%s failed: %v", e.what, e.value) }

// safely runs f and returns a panic in it as an error, so that a run ends in
// order: the workers stopped and the terminal restored.
func safely(what string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{what, v, debug.Stack()}
		}
	}()
	return f()
}
