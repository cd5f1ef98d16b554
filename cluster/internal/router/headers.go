package router

import (
	"encoding/binary"

	"golang.org/x/net/http2/hpack"
)

const (
	// maxBlock bounds a header block that is put together from several frames.
	maxBlock = 256 << 10
	// settingTableSize is SETTINGS_HEADER_TABLE_SIZE (RFC 9113, section
	// 6.5.2), usualTable its default; maxTable is as large as is followed.
	settingTableSize = 0x1
	usualTable       = 4096
	maxTable         = 1 << 20
)

// headers puts the header blocks of one direction of an HTTP/2 connection
// together and decodes them. Every block must be, since each may depend on those
// before it (RFC 7541, section 2.2).
type headers struct {
	decoder *hpack.Decoder
	table   uint32 // the largest that was allowed
	block   []byte // what is there of a block
	first   frame  // that the block began with
}

func newHeaders(field func(hpack.HeaderField)) headers {
	return headers{decoder: hpack.NewDecoder(usualTable, field), table: usualTable}
}

// add takes a frame that carries a part of a block. complete says that the block
// has been decoded; ok is false if it cannot be.
func (h *headers) add(f *frame) (complete, ok bool) {
	if f.kind != frameContinuation {
		h.block, h.first = h.block[:0], *f
	}
	part, ok := f.fragment()
	if !ok || len(h.block)+len(part) > maxBlock || f.stream != h.first.stream {
		return false, false
	}
	h.block = append(h.block, part...)
	if !f.has(flagEndHeaders) {
		return false, true
	}
	_, err := h.decoder.Write(h.block)
	return true, err == nil && h.decoder.Close() == nil
}

// allow takes note of how large a table the receiver of the blocks allows in a
// SETTINGS frame. A smaller one takes effect when the sender says so in a block,
// so it is only ever raised.
func (h *headers) allow(settings *frame) {
	if settings.has(flagAck) {
		return
	}
	for p := settings.payload; len(p) >= 6; p = p[6:] {
		if binary.BigEndian.Uint16(p) == settingTableSize {
			h.table = max(h.table, min(binary.BigEndian.Uint32(p[2:]), maxTable))
			h.decoder.SetAllowedMaxDynamicTableSize(h.table)
		}
	}
}
