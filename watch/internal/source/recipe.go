package source

import "strings"

// Kind is what a command line turned out to be.
type Kind int

// The kinds of command lines.
const (
	GoPackage Kind = iota // Go source
	GoRun                 // go run X
	GoBinary              // a binary whose source was found
	Script                // an interpreter with a script
	Other                 // any other program
)

// Request is a command line and what overrides the findings.
type Request struct {
	// Path is the program, and Args are its arguments.
	Path string
	Args []string
	// Dir is the working directory, absolute.
	Dir string
	// Env is the whole environment.
	Env []string
	// Dirs, if any, are watched instead of what is found. Ignore are patterns
	// that are only mentioned here: the watching itself applies them.
	Dirs, Ignore []string
	// Build is a command for the shell, instead of the build that is found.
	Build string
	// Off says that nothing will be watched.
	Off bool
}

// Recipe is where a program's code is and how it is built.
type Recipe struct {
	Kind Kind
	// Path is what to run, as it was given; empty if only a build makes it.
	Path string
	// File is the file that Path stands for, absolute; empty if Path is.
	File string
	Args []string
	// Go is the Go source of the program; nil if it has none that is known.
	Go *Package
	// Listing is what Go consisted of when it was found. Nil if Go is, or if
	// the user named the directories to watch.
	Listing *Listing
	// Shell is the command of the user's that builds, instead of go build;
	// empty if there is none.
	Shell string
	// Scope is what to watch, without what Listing adds.
	Scope Scope
	// Notes are remarks for the line on the screen, such as what is not known.
	Notes []string

	subject string // what the tree or the package is called on the screen
	beside  string // a script's directory below the working directory
	off     bool
}

// Scope is what to watch. All paths are absolute; they need not exist.
type Scope struct {
	// Trees are directories watched with all that lies below.
	Trees []string
	// Dirs are directories watched without those below them.
	Dirs []string
	// Files are single files.
	Files []string
	// Match says what counts in Trees and Dirs. If it is nil, everything does
	// that the ignore rules leave.
	Match func(path string) bool
	// Except are files that never count: what a build writes.
	Except []string
}

// Builds reports whether a change is built.
func (r *Recipe) Builds() bool { return r.Go != nil || r.Shell != "" }

// What returns the line for the screen: what is watched, how it is built, and
// what is uncertain. listing is the newest one, nil if there is none.
func (r *Recipe) What(listing *Listing) string {
	parts := []string{r.watched(listing), r.built()}
	return strings.Join(append(parts, r.Notes...), " · ")
}

func (r *Recipe) watched(listing *Listing) string {
	switch {
	case r.off:
		return "not watching (--watch=false)"
	case listing != nil:
		return "watching " + plural(listing.Dirs, "dir") + " of " + r.subject
	}
	return "watching " + r.subject
}

func (r *Recipe) built() string {
	switch {
	case r.Shell != "":
		return r.Shell
	case r.Go != nil:
		return r.Go.brief()
	}
	return "no build"
}
