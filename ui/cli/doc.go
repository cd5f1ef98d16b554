// Package cli is the command line: it turns flags into the options of a cluster,
// starts the cluster, gives it to a front end (the dashboard of package ui or
// the lines of package lines), and stops it whatever the front end returned.
//
// Main owns the cluster, the signals and the exit code; the front end only looks
// and asks. What a person did wrong is one sentence on stderr.
package cli
