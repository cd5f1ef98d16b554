package router

import "sync"

const (
	bufferSize = 16 << 10
	// requestMost is the largest head of a request that is observed; a longer one
	// makes the connection a tunnel. Servers commonly refuse heads above 8 to 16
	// KB. It leaves room for the byte by which a client is heard that leaves.
	requestMost = bufferSize - 1
)

// minRoom is the least free space worth reading a response into.
const minRoom = 4 << 10

// buffer is what one active direction of a connection needs.
type buffer [bufferSize]byte

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func getBuffer() *buffer  { return buffers.Get().(*buffer) }
func putBuffer(b *buffer) { buffers.Put(b) }
