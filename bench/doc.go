// Command bench measures how many requests a second get through gcl-tui and
// through its peers, side by side on this machine:
//
//	go run ./bench
//
// It starts two small workers of one core each, puts nginx, HAProxy,
// httputil.ReverseProxy and gcl-tui itself in front of such workers, and loads
// them in turn with wrk. Every round has all of them, so that a change of the
// machine's mood hits all alike; what counts are the ratios within the rounds.
//
// A peer that is not installed is shown as "-". wrk must be there.
package main
