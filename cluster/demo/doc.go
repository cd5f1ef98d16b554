// Package demo is the app of "gcl-tui demo" and the load on it.
//
// The app is a small HTTP server with routes that are fast, slow, failing,
// missing, costly, large and deadly. It runs as real worker processes, the same
// executable in a hidden role (RunRole), and knows nothing of a cluster: its
// port becomes shared as any other program's does.
//
// The load (Load) runs in the master's process. A plan, which a seed decides
// completely, says what is asked and when; a fixed number of keep-alive clients
// carry it out. It is open: an app that is slow does not slow the plan, and what
// no client is free for is left out, so the load stays bounded.
package demo
