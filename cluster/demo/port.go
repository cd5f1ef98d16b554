package demo

import (
	"fmt"
	"net"
	"strconv"
)

// DefaultPort is where the demo listens if the port is free.
const DefaultPort = 8080

// portsTried is how many ports FreeAddr tries.
const portsTried = 100

// FreeAddr returns a loopback address with the first free port from port on.
func FreeAddr(port int) (string, error) {
	for p := port; p < port+portsTried; p++ {
		if isFree("127.0.0.1", p) && isFree("", p) {
			return net.JoinHostPort("127.0.0.1", strconv.Itoa(p)), nil
		}
	}
	return "", fmt.Errorf("all ports from %d to %d are taken: choose one with -p", port, port+portsTried-1)
}

// isFree tries a port both on one address and on all, because on some systems
// the one does not exclude the other.
func isFree(host string, port int) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
