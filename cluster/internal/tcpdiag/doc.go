// Package tcpdiag tells what the kernel knows of the TCP connections on a
// listening port: how many there are, the bytes that went each way, the
// round-trip time, which process holds each, and how many wait to be accepted.
// It can also have a process end one. It serves the mode in which the kernel balances and no byte passes through
// the master, where these are the only figures there are.
//
// # On Linux
//
// A [Reader] lists connections through a netlink socket (sock_diag(7)). The
// kernel picks those of one port, so the answer does not grow with what else
// the machine does. [ByOwner] joins them with the sockets that /proc/PID/fd
// shows (proc_pid_fd(5)). [Queue] asks a listening socket itself (tcp(7),
// TCP_INFO). [HangUp] reaches a process's socket through pidfd_getfd(2).
//
// Only the network namespace of this process is seen, and no privilege is
// needed, except that /proc/PID/fd opens for the same user only.
//
// # Elsewhere
//
// Established, HalfOpen, Queue and HangUp return [ErrUnsupported]; ByOwner knows no owner.
//
// # What it costs
//
// A list costs one walk through the kernel's table, whose size goes by the
// machine's memory (2 to 5 ms of CPU for 262,144 buckets), and about 2 µs for
// each connection. ByOwner costs about 7 µs for each descriptor of every owner,
// connection or not: with thousands, it is the part to do less often. See the
// benchmarks.
//
// # Goroutines
//
// None is started. Calls block no longer than the kernel takes to answer. A
// Reader is for one goroutine, which closes it; the functions are for any.
package tcpdiag
