// Package router is the data path of the master: it accepts connections on the
// public ports and carries each request to a ready backend, which is one worker
// process behind a private address.
package router
