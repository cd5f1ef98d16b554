// Package proc starts the workers' processes and makes sure that none of them,
// nor any process that they started, outlives its worker or the master.
//
// # How a worker is held
//
// Each worker is the leader of a session of its own (setsid(2)): its children
// can be found by session and group, the terminal's signals do not reach it,
// and it cannot write to the screen through /dev/tty. What leaves the session
// is found by a mark in its environment.
//
// All workers are forked by one thread that lives as long as the Spawner,
// because the parent-death signal is sent when the forking thread ends
// (prctl(2), PR_SET_PDEATHSIG), not when the process does.
//
// # How it ends
//
// When a worker's leader exits, its exit is reported, then everything else of
// it is killed, and only then the leader is reaped: until then its pid, and so
// the session's and the group's number, cannot be given to a stranger.
//
// The keeper, a process in a session of its own, does the same for all workers
// when the master dies without a chance to do it. What has left a worker's session
// with no mark is known by its parents, which Follow is told of as long as they live;
// after that it comes to the master as an orphan (on Linux). Either way the master
// tells the keeper of it.
//
// # Goroutines
//
// The Spawner has one locked thread. Each process has one goroutine that waits
// for it and ends once it is reaped. On Linux one more reaps orphans, and one
// tells the keeper of them.
package proc
