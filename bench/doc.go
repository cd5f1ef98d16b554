// Command bench measures how many requests a second get through gcl-tui and
// through its peers, and how long they take, side by side on this machine:
//
//	go run ./bench                        # about twenty minutes
//	go run ./bench -conns 64 -rounds 3    # three
//	go run ./bench -close                 # one connection per request, too
//
// It starts small workers of one core each, puts nginx, HAProxy,
// httputil.ReverseProxy (with its own transport, and with one that keeps more
// connections) and gcl-tui itself in front of such workers, and loads them in
// turn. gcl-tui starts its workers itself and so has them scheduled as batch,
// which much of its lead comes from. Beside them stand workers that share a port
// without anything in front, by SO_REUSEPORT, which gcl-tui's kernel mode is
// compared with; and a small Node server, as two workers of Node's cluster module
// and as two of gcl-tui's kernel mode.
//
// Every round has all of them, so that a change of the machine's mood hits all
// alike; what counts are the ratios within the rounds.
//
// # Full load and half load
//
// wrk makes the full load: it sends the next request when the last has been
// answered. So the response times that it tells are those of a queue that it
// fills itself, and are shorter the slower a peer is to take more.
//
// The 99th percentile at half load is what to compare. It is taken at one fixed
// rate for all, half of what the better of nginx and HAProxy carries over as
// many connections. Requests are due at equal distances, each on the connection
// whose turn it is, whether or not earlier ones have been answered; the time
// counts from when a request was due, not from when it could be sent, so a stall
// counts for all who had to wait (no coordinated omission). The generator has a
// thread of its own and costs about what wrk does. It needs Linux.
//
// With -close clients send "Connection: close". gcl-tui changes no header, so the
// worker closes its connection, too, and each request costs two; nginx and
// HAProxy replace the header and keep their connections to the workers.
//
// A peer that is not installed is shown as "-", and so is the half load of one
// that does not carry so much. So is one that has failed a single request with as
// many connections, and why is said below the table. wrk must be there.
package main
