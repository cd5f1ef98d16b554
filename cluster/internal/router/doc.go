// Package router is the data path of the master: it accepts connections on the
// public ports and carries each request to a ready backend, which is one worker
// process behind a private address.
//
// It observes HTTP/1.x and forwards the bytes as they came. It knows where each
// message starts and ends, which is what makes counting, moving a client from one
// backend to another and sending a request again safe. What is not certain is
// not guessed: it is carried as an opaque tunnel to one backend, and neither
// connection is ever used for anything else. Of a tunnel that is HTTP/2 it reads
// the frames (http2.go), to count, and to know where it may put one of its own: a
// GOAWAY when the backend is to have nothing new (goaway.go). Of any other it knows
// who has spoken last, and so when it is likely that nothing is under way (lull.go).
//
// A connection to a backend serves one client after the other, so where messages
// end is taken from RFC 9112 and from nothing weaker. A backend that does not keep
// to it can still be deceived: one that leaves a body unread takes it for the next
// request. So a connection that has carried a body serves nobody but the client
// who sent it (kept.go), and none is used again when the response was there before
// the whole request (settle.go).
//
// # Who runs
//
// A port has one goroutine that accepts. A client connection has one that carries
// one request after the other: read the request, write it to a backend, read the
// response, write it to the client (conn.go, exchange.go, relay.go). While the
// client must be listened to at the same time there is a second one, the uplink
// (uplink.go): for a body that is still coming, for a wait that has become long,
// for a tunnel. The sweeper (sweeper.go) finds what has become long; it looks at
// all connections at once, so that no request pays for a timer. Nothing is sent
// to any other goroutine per request, and nothing is allocated.
//
// # The feed
//
// The latest requests and the routes they take are noted by the goroutine that has
// carried them (feed.go), above 2,000 a second only a sample of them, drawn by lot
// before anything is copied. Who looks at the feed pays for it (recent.go).
//
// # Browsers
//
// What cannot be served is answered by a page (page.go) that says why, and waits
// for a change: its script follows a stream of server-sent events (follow.go),
// which has the router's only paths of its own (own.go). Only if Options say so,
// the pages of the app get a script that does the same (live.go, inject.go): the
// one case in which bytes are not forwarded as they came. The goroutine of a
// connection that is a stream writes, and a second one hears the client leave.
//
// # Who owns what
//
// A conn and all its buffers belong to its goroutine, except for what uplink.go
// says belongs to the uplink while it runs. An upstream belongs to the exchange
// that has taken it, or to the pool of its route. Router.mu guards the lists of
// ports and backends and the states of backends; a port's list of ready routes
// is a value that is replaced, never changed. Counters are atomics of their
// backend. A record of a request belongs to its exchange until it is noted, to the
// feed from then on, and is used again when it is pushed out of it.
//
// # What blocks
//
// Close and Shutdown wait for all goroutines to end. Shift waits, for a bounded
// moment, until HTTP/2 clients were told. Everything else returns at once.
// Options.Own and Options.Explain are called from the goroutines of ports and
// connections.
//
// # Interruption
//
// One primitive moves a goroutine that waits for bytes: a read deadline in the
// past (wire.interrupt). It says "look around", not "give up": the reader takes
// the deadline back and looks at what it knows: whether its backend is closed, the
// router stopping, the wait long, its client to be told something. So an
// interruption that comes late and hits another wait does no harm.
package router
