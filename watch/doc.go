// Package watch finds out what a command line needs to stay current: which
// files its code comes from and how it is built. It watches those files, builds
// when they change, and says what to run then. It knows nothing of clusters.
//
// # Use
//
// Find looks at a command line and returns a Plan, which starts nothing. Its
// Start returns a Watcher, which makes the first build if there is one, then
// watches. Everything that happens comes out of Watcher.Events; a Built event
// carries the program that is to be run from now on.
//
// # What is built and where
//
// Go source is built into a directory of this run below the user's cache
// directory, each binary under the hash of its content, so that an older one
// can be run again. The last three stay, and those named with Watcher.Keep; the
// directory goes away with Close. The user's own binary is never written to.
// A build command of the user's (Options.Build) writes where it likes. If what
// it makes is a Go binary, a copy of that is run from the cache, so that the
// next build can overwrite the original and this one can be run again. Anything
// else runs in place (Program.InPlace): a copy may miss the libraries and files
// that it looks for beside itself.
//
// # States
//
// Watching, or paused: by Pause, or by the Watcher itself when the program
// writes into what is watched and so would be reloaded for ever: a file changes
// after each of 5 reloads within 10 s. Code counts there only if it changes
// before the newest program serves, since somebody may save it as quickly as the
// answers come (Start's serving, change.go). Changes that
// come while paused are built on Resume. At most one build runs; a change that
// comes meanwhile cancels it and starts the next.
//
// # Building ahead
//
// go build is started 10 ms after the last event, for what seems to change, and
// so runs while the change settles (Options.Debounce). It is told of when the
// change has settled on exactly that, as if it had been started then, but for
// its Took; otherwise nobody hears of it. A change is built ahead three times at
// most, and not at all if it is of 16 files or more, while paused or while git is
// at work. Options.Build never runs ahead: a command may do more than build.
//
// # Who owns what
//
// One goroutine (loop.go) owns the state of a Watcher; its methods send it
// messages and do not wait. Builds, listings and the file system's events each
// have goroutines of their own that report to it. It never waits for the reader
// of Events: what is not read yet is queued, up to 256 events, beyond which the
// oldest is dropped. Close ends all of them and waits until they have.
package watch
