package files

import "time"

// Change is a settled burst of changes.
type Change struct {
	// Paths are the files whose content changed, that appeared or that are gone:
	// absolute, as the scope names them (not resolved through symbolic links),
	// sorted, each once.
	Paths []string
	// Structure says that a file came or went, or that a module file (go.mod,
	// go.sum, go.work, go.work.sum, vendor/modules.txt) changed: what belongs to
	// the program has to be listed again.
	Structure bool
	// Began is when the first event of it came.
	Began time.Time
	// Hint is the number of the newest Hint if it said this and the files have not
	// been written since, or else 0.
	Hint uint64
}

// Warning is something that the user should know about the watching.
type Warning struct {
	Kind WarningKind
	// Text is a sentence that says what happened and what to do about it.
	Text string
}

// WarningKind tells warnings apart.
type WarningKind int

// The kinds of warnings.
const (
	// WarnPolling: a limit of the system is reached, and changes are looked for
	// periodically from now on.
	WarnPolling WarningKind = iota + 1
	// WarnHeld: a change waits until git is done; Stats says for what.
	WarnHeld
	// WarnResumed: git is done; the change that waited follows.
	WarnResumed
	// WarnStaleLock: git's index has been locked for long without anything
	// happening; the change is given in spite of it.
	WarnStaleLock
	// WarnUnreadable: a directory of the scope cannot be read and is left out.
	WarnUnreadable
)
