package tcpdiag

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

// infoAttr is INET_DIAG_INFO of <linux/inet_diag.h>: the attribute that holds
// struct tcp_info. A request asks for it by the bit infoAttr-1.
const infoAttr = 2

// States of a connection (<net/tcp_states.h>).
const (
	established = 1
	synReceived = 3 // so is shown what the kernel has in TCP_NEW_SYN_RECV
	finWait2    = 5
	timeWait    = 6
	closed      = 7
	closeWait   = 8
	listening   = 10
	closing     = 11
)

// Sets of states, as a request has them.
const (
	carryingData = 1<<established | 1<<closeWait
	inHandshake  = 1 << synReceived
	connected    = (1<<(closing+1) - 1<<established) &^ (1<<closed | 1<<listening)
)

// sockID is struct inet_diag_sockid of <linux/inet_diag.h>. Ports and addresses
// are in network order; an IPv4 address is in the first four bytes.
type sockID struct {
	LocalPort, RemotePort [2]byte
	Local, Remote         [16]byte
	Interface             uint32
	Cookie                [2]uint32
}

// getSock is TCPDIAG_GETSOCK of <linux/inet_diag.h>: the type of a request and
// of each answer. Unlike its successor SOCK_DIAG_BY_FAMILY it lists IPv4 and
// IPv6 in one walk through the kernel's table of connections, which is sized by
// the machine's memory and costs milliseconds when it is large, however few
// connections there are.
const getSock = 18

// diagRequest is struct inet_diag_req of <linux/inet_diag.h>. A list takes no
// notice of the family and the lengths.
type diagRequest struct {
	Family, LocalLen, RemoteLen, Extensions uint8
	ID                                      sockID
	States                                  uint32 // a bit for each wanted
	Tables                                  uint32
}

// diagMessage is struct inet_diag_msg of <linux/inet_diag.h>, one connection.
// Attributes follow it.
type diagMessage struct {
	Family, State, Timer, Retransmits               uint8
	ID                                              sockID
	Expires, ReceiveQueue, SendQueue, UserID, Inode uint32
}

// Sizes of what is decoded. A kernel before 4.1 has a shorter struct tcp_info,
// without the bytes; a newer one has more than is known here.
const (
	headerSize  = int(unsafe.Sizeof(unix.NlMsghdr{}))
	messageSize = int(unsafe.Sizeof(diagMessage{}))
	attrSize    = int(unsafe.Sizeof(unix.NlAttr{}))
	infoSize    = int(unsafe.Offsetof(unix.TCPInfo{}.Bytes_received)) + 8
)

// encodeRequest asks for all connections with a local port in some states. The
// kernel compares idiag_sport itself, so no filter program is needed; with 0 it
// would not.
func encodeRequest(seq uint32, port uint16, states uint32) ([]byte, error) {
	req := diagRequest{
		Extensions: 1 << (infoAttr - 1),
		States:     states,
	}
	binary.BigEndian.PutUint16(req.ID.LocalPort[:], port)
	header := unix.NlMsghdr{
		Len:   uint32(headerSize + int(unsafe.Sizeof(req))),
		Type:  getSock,
		Flags: unix.NLM_F_REQUEST | unix.NLM_F_DUMP,
		Seq:   seq,
	}
	b, err := binary.Append(nil, binary.NativeEndian, header)
	if err != nil {
		return nil, err
	}
	return binary.Append(b, binary.NativeEndian, req)
}

// decode copies the head of b into a value of the kernel's layout, as far as b
// reaches. T must have no pointers. It takes any alignment.
func decode[T any](b []byte) (v T) {
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&v)), unsafe.Sizeof(v)), b)
	return v
}
