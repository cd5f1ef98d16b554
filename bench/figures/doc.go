// Command figures measures what the program promises of itself: how fast a
// crashed worker is replaced, what an idle screen costs, how soon it is there,
// and what scaling to many workers takes.
//
//	go run ./bench/figures            # all, about two minutes
//	go run ./bench/figures -only crash -runs 40
//
// It builds the program, runs it with this same executable as the worker, a
// plain net/http server, and prints medians. Nothing is asserted: a busy machine
// gives other figures. The load averages of the run are printed for that reason.
//
// Costs and descriptors of the master come from /proc, so Linux is needed.
package main
