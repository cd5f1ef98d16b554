// Package steer shares a public address between the listening sockets of
// several processes in the kernel, by SO_REUSEPORT, and tells the kernel which
// of them get new connections.
//
// # Who is in a group
//
// The first member is the anchor, a socket of the master's own. It gets the
// new connections while no other member is ready, so that they wait instead of
// being refused. The other members are the workers' own sockets, of which the
// master keeps duplicates: what is queued at a socket stays there when its
// process dies, and the master can carry it over.
//
// # How it is steered
//
// A classic-BPF program (socket(7), SO_ATTACH_REUSEPORT_CBPF) picks one of the
// ready members by its index: in turn, as far as the ports of the clients follow
// each other. Indexes follow the order in which the sockets began to listen;
// when one leaves, the last takes its index. Both were seen to hold for TCP and
// for multipath-TCP listeners, which Go programs have, on Linux 6.18. The program
// is attached through the anchor, because a multipath-TCP socket refuses it.
//
// # Goroutines
//
// There are none. A Group is for one goroutine, its owner's.
package steer
