package cluster

import (
	"fmt"
	"net"
)

// reserveOctet takes the network 127.octet.0.0/16 for this process, by an
// abstract socket, which lives in the network namespace and ends with the
// process (unix(7)).
func reserveOctet(octet byte) (release func(), ok bool) {
	l, err := net.ListenPacket("unixgram", fmt.Sprintf("@gcl-tui/127.%d", octet))
	if err != nil {
		return nil, false
	}
	return func() { _ = l.Close() }, true
}
