// Package adopt gives an unmodified program a place behind the shared port.
//
// # On Linux
//
// A worker is started through a shim: the same executable in a hidden role,
// which installs a seccomp filter that stops bind, listen and unlink only, sends the
// filter's notification descriptor to the master, and executes the program
// under the same pid. Everything the program starts inherits the filter.
//
// The master answers in the program's place, on the program's own socket,
// which it borrows with pidfd_getfd(2):
//
//   - bind of a TCP port: at this moment a server and a client that is to
//     connect from the port look alike, so the socket is bound to the address
//     that the program wants, beside those of the other workers.
//   - listen on such a socket: it was a server's. A socket of the same options
//     that listens on the worker's private loopback address, with the same port
//     number where possible, takes its place in all descriptors and epoll
//     instances of the process. The host then knows the exact moment from which
//     connections are taken. If the kernel is to balance, the program's own
//     socket listens.
//   - bind of a Unix socket that can listen: the first one is bound for the program,
//     by a process with its working directory, mode mask and user, so the file is
//     as it would have made it. For the same name the other workers get a duplicate:
//     they accept from one queue. Their listen continues.
//   - unlink of such a socket's file: it stays, as long as there are others that
//     share the socket, and the program is told that it is gone. Many programs remove
//     it before they bind, or at their end, and what has gone cannot be put back
//     without a moment in which clients find nothing.
//   - anything else (UDP, port 0, other files): the call continues.
//
// # Elsewhere
//
// The worker learns from its environment where to listen: PORT, and on Linux
// LISTEN_FDS with a socket (sd_listen_fds(3)).
//
// # Goroutines
//
// A Session has one goroutine, which ends when no process is left that has the
// filter. It calls the Host and waits for its answer; the Host must not wait
// for the Session.
package adopt
