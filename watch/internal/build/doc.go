// Package build runs builds and keeps what they make.
//
// Run runs one command in a process group of its own; cancelling it kills the
// whole group. Problems reads places in source files out of its output. A Store
// is a directory of one run of this program for its binaries, each under the
// hash of its content; what runs that were killed left behind is removed by the
// next. A Store is not safe for concurrent use; HashFile and Copy, which take
// time, need none.
package build
