package tcpdiag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

var errMalformed = errors.New("malformed answer")

// parseAnswer appends the connections in one datagram of the answer to request
// seq. done says that it was the last. An error that the kernel reports is a
// [unix.Errno].
func parseAnswer(dst []Conn, b []byte, seq uint32) (conns []Conn, done bool, err error) {
	for len(b) > 0 {
		header, body, rest, err := cutMessage(b)
		if err != nil {
			return dst, false, err
		}
		b = rest
		if header.Seq != seq {
			continue
		}
		switch header.Type {
		case unix.NLMSG_DONE, unix.NLMSG_ERROR:
			return dst, true, status(body)
		case getSock:
			c, err := parseConn(body)
			if err != nil {
				return dst, false, err
			}
			dst = append(dst, c)
		}
	}
	return dst, false, nil
}

// cutMessage splits off one netlink message (netlink(7)).
func cutMessage(b []byte) (header unix.NlMsghdr, body, rest []byte, err error) {
	if len(b) < headerSize {
		return header, nil, nil, fmt.Errorf("%w: %d bytes for a header", errMalformed, len(b))
	}
	header = decode[unix.NlMsghdr](b)
	length := uint64(header.Len)
	if length < uint64(headerSize) || length > uint64(len(b)) {
		return header, nil, nil, fmt.Errorf("%w: message of %d bytes in %d", errMalformed, length, len(b))
	}
	return header, b[headerSize:length], b[aligned(int(length), len(b)):], nil
}

// aligned rounds up to where the next message or attribute begins, but not
// beyond the end: the last one may lack its padding.
func aligned(length, end int) int {
	return min((length+unix.NLMSG_ALIGNTO-1)&^(unix.NLMSG_ALIGNTO-1), end)
}

// status reads the number with which the kernel ends an answer, 0 or a negative
// errno.
func status(body []byte) error {
	if len(body) < 4 {
		return fmt.Errorf("%w: no status", errMalformed)
	}
	if code := int32(binary.NativeEndian.Uint32(body)); code < 0 {
		return unix.Errno(-int64(code))
	}
	return nil
}

func parseConn(body []byte) (Conn, error) {
	if len(body) < messageSize {
		return Conn{}, fmt.Errorf("%w: connection of %d bytes", errMalformed, len(body))
	}
	msg := decode[diagMessage](body)
	switch msg.State {
	case synReceived, finWait2, timeWait: // which have no tcp_info yet, or none any more
		return Conn{
			Local:  addrPort(msg.Family, msg.ID.Local, msg.ID.LocalPort),
			Remote: addrPort(msg.Family, msg.ID.Remote, msg.ID.RemotePort),
		}, nil
	}
	info, err := findInfo(body[messageSize:])
	if err != nil {
		return Conn{}, err
	}
	c := Conn{
		Local:    addrPort(msg.Family, msg.ID.Local, msg.ID.LocalPort),
		Remote:   addrPort(msg.Family, msg.ID.Remote, msg.ID.RemotePort),
		Inode:    msg.Inode,
		BytesIn:  info.Bytes_received,
		BytesOut: info.Bytes_acked,
		RTT:      time.Duration(info.Rtt) * time.Microsecond,
		Silent:   time.Duration(min(info.Last_data_recv, info.Last_data_sent)) * time.Millisecond,
	}
	never := info.Bytes_received > 0 && info.Bytes_acked == 0
	c.Owing = never || info.Last_data_recv < info.Last_data_sent || msg.ReceiveQueue+msg.SendQueue > 0
	// The peer's FIN has a sequence number of its own, which the kernel counts
	// as a byte received.
	if msg.State == closeWait && c.BytesIn > 0 {
		c.BytesIn--
	}
	return c, nil
}

// findInfo returns struct tcp_info out of a message's attributes.
func findInfo(attrs []byte) (unix.TCPInfo, error) {
	for len(attrs) >= attrSize {
		attr := decode[unix.NlAttr](attrs)
		length := int(attr.Len)
		if length < attrSize || length > len(attrs) {
			return unix.TCPInfo{}, fmt.Errorf("%w: attribute of %d bytes in %d", errMalformed, length, len(attrs))
		}
		if attr.Type == infoAttr {
			value := attrs[attrSize:length]
			if len(value) < infoSize {
				return unix.TCPInfo{}, fmt.Errorf("%w: tcp_info of %d bytes, Linux 4.1 has %d", ErrUnsupported, len(value), infoSize)
			}
			return decode[unix.TCPInfo](value), nil
		}
		attrs = attrs[aligned(length, len(attrs)):]
	}
	return unix.TCPInfo{}, fmt.Errorf("%w: no tcp_info", errMalformed)
}

func addrPort(family uint8, addr [16]byte, port [2]byte) netip.AddrPort {
	ip := netip.AddrFrom16(addr).Unmap()
	if family == unix.AF_INET {
		ip = netip.AddrFrom4([4]byte(addr[:4]))
	}
	return netip.AddrPortFrom(ip, binary.BigEndian.Uint16(port[:]))
}
