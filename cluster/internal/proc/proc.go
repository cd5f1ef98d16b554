package proc

import (
	"fmt"
	"os"
	"time"
)

// MarkVar is the environment variable that marks all processes of a master.
// Its value is the master's mark, a dot, and the number of the start.
const MarkVar = "GCL_MARK"

// Spec says what to start.
type Spec struct {
	Path string   // the executable
	Args []string // with Args[0]
	Env  []string // complete; Start adds the mark
	Dir  string   // working directory, empty for the master's
	// Stdout and Stderr are the ends that the process writes to. Standard
	// input is the null device.
	Stdout, Stderr *os.File
	// Extra become descriptors 3, 4, … of the process.
	Extra []*os.File
}

// Exit says how a process ended.
type Exit struct {
	Code   int    // exit code, -1 if a signal ended it
	Signal string // such as "SIGKILL", empty if it exited by itself
	Time   time.Time
}

// String returns "exit 2" or "SIGKILL".
func (e Exit) String() string {
	if e.Signal != "" {
		return e.Signal
	}
	return fmt.Sprintf("exit %d", e.Code)
}

// Process is a started process. Its methods are safe from any goroutine.
type Process struct {
	// PID is the process id; it is also the id of its session and group.
	PID int

	exited chan struct{} // closed once exit is set
	exit   Exit
	gone   chan struct{} // closed once nothing of it is left
	sys    sysProcess
}

// Exited is closed when the process itself has ended; its descendants may
// still be about to be killed.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Exit returns how it ended. It is valid once Exited is closed.
func (p *Process) Exit() Exit { return p.exit }

// Gone is closed when neither the process nor a descendant is left.
func (p *Process) Gone() <-chan struct{} { return p.gone }
