// Package lines is the front end without a screen: one line on a writer for
// each event and for each line that a worker wrote, as text for people or as
// JSON for programs.
//
// It only reads. One goroutine, the caller of Run, waits for a batch of events,
// prints it, flushes, and waits again; so a slow writer slows nobody but itself.
// What it could not keep up with has left the cluster's bounded ring by then,
// and is counted in a warning.
package lines
