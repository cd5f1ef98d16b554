// Package restore gives the terminal back when the program that drew on it could
// not: it was killed, or it panicked in a goroutine that nobody watches.
//
// Watch starts the same executable in a hidden role, in a session of its own so
// that no key and no hang-up of the terminal reaches it. It gets the terminal,
// its settings as they were, and the reading end of a pipe. The pipe is also
// where the Go runtime writes the trace of a fatal panic. When the pipe ends
// without the word that all is well, the role puts the settings back, leaves the
// alternate screen and prints the trace where it can be read.
package restore
