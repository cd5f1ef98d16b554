// Command figures measures what the program promises of itself: how fast a
// crashed worker is replaced, what an idle screen costs, how soon it is there,
// what scaling to many workers takes, how evenly requests are spread, how soon a
// save shows, what watching a large tree takes, what the router costs where
// requests a second do not tell: large responses, many connections, WebSockets,
// clients that leave; and what a system call costs a worker that is stopped.
//
//	go run ./bench/figures            # all, some minutes
//	go run ./bench/figures -only crash -runs 40
//
// It builds the program, runs it with this same executable as the worker, a
// plain net/http server, and prints medians. What is compared with a direct
// connection is compared with one to the same worker, in turn. Nothing is
// asserted: a busy machine gives other figures. The load averages of the run are
// printed for that reason.
//
// Costs and descriptors of the master come from /proc, so Linux is needed. The
// 10,000 connections need a hard limit on open files (ulimit -Hn) of 10,200, and
// active ones, each of which may have one to a worker besides, 20,200 to be sure.
package main
