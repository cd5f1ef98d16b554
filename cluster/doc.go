// Package cluster is the master: it runs N copies of one program, the workers,
// on the ports that the program itself binds, keeps them alive, routes requests
// to them, and publishes what happens.
//
// # Words
//
// A slot is a worker's stable number (shown as w1, w2, …). A generation counts
// the builds of the program. A worker is one process in one slot, of one
// generation; when it ends, the slot gets another.
//
// # Who owns what
//
// One goroutine, the owner (owner.go), holds the table of workers and is the
// only one that changes it. Everything else asks it by message: the methods of
// Cluster send a request and wait for the reply; a worker's process, its
// listeners and the timers send reports. The owner never blocks on a worker, a
// client or a reader of events.
//
// # What comes out
//
// Two things, and every front end reads only these: an Event says that
// something happened, a Snapshot says how things are now. Both are values that
// never change once published.
package cluster
