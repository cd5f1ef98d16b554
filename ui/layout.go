package ui

import "gcl-tui/ui/internal/draw"

// rect is a rectangle of cells.
type rect struct{ x, y, w, h int }

// part names a pane.
type part int

const (
	partHeader part = iota
	partBanner      // only if there is something to warn of
	partCPU
	partTraffic
	partWorkers
	partEvents
	partFooter
	partStatus // everything in a few lines, for a tiny screen
)

// form is how much of itself a pane shows.
type form int

const (
	formBox   form = iota // framed, with all it has
	formPlain             // without a frame
	formStrip             // one line
)

// place is the rectangle of a pane and how it is to fill it.
type place struct {
	part part
	form form
	rect rect
}

// need is what the layout has to know of the contents.
type need struct {
	banner int // lines of it
	rows   int // of the table of workers
	cores  int
}

// The smallest screens for each arrangement.
const (
	wideWidth, wideHeight         = 100, 26
	tallWidth, tallHeight         = 60, 34
	compactWidth, compactHeight   = 60, 16
	unframedWidth, unframedHeight = 24, 10
)

// Heights that a pane does not go below.
const (
	minGraphRows  = 8 // CPU and traffic
	minTableRows  = 6
	minEventsRows = 4
	// goodEventsRows is what the events need not share with the graphs.
	goodEventsRows = 12
	tableHeadRows  = 1
)

// Heights that the banner does not go above.
const (
	bannerRows         = 4 // one line, and three errors
	compactBannerRows  = 2
	unframedBannerRows = 1
)

// layout divides a screen. The places tile it exactly, in the order from top
// to bottom and from left to right.
func layout(width, height int, n need) []place {
	switch {
	case width <= 0 || height <= 0:
		return nil
	case width >= wideWidth && height >= wideHeight:
		return wide(width, height, n)
	case width >= tallWidth && height >= tallHeight:
		return tall(width, height, n)
	case width >= compactWidth && height >= compactHeight:
		return compact(width, height, n)
	case width >= unframedWidth && height >= unframedHeight:
		return unframed(width, height, n)
	}
	return []place{{partStatus, formPlain, rect{0, 0, width, height}}}
}

// wide has CPU and traffic side by side above the table and the events.
func wide(width, height int, n need) []place {
	head := 1 + min(n.banner, bannerRows)
	body := height - head - 1
	left := width / 2
	most := max(minGraphRows, body*2/5)
	spare := body - goodEventsRows - tableRows(n, body)
	top := between(graphRows(n, left, between(spare, body*3/10, most)), minGraphRows, most)
	table := tableRows(n, body-top)
	s := stack{width: width}
	s.addHead(head)
	s.places = append(s.places,
		place{partCPU, formBox, rect{0, head, left, top}},
		place{partTraffic, formBox, rect{left, head, width - left, top}})
	s.y += top
	s.add(partWorkers, formBox, table)
	s.add(partEvents, formBox, body-top-table)
	s.add(partFooter, formStrip, 1)
	return s.places
}

// tall has all panes one below the other.
func tall(width, height int, n need) []place {
	head := 1 + min(n.banner, bannerRows)
	body := height - head - 1
	cpu := between(graphRows(n, width, body/5), minGraphRows-2, max(minGraphRows, body/4))
	traffic := max(minGraphRows, body/4)
	table := tableRows(n, body-cpu-traffic)
	s := stack{width: width}
	s.addHead(head)
	s.add(partCPU, formBox, cpu)
	s.add(partTraffic, formBox, traffic)
	s.add(partWorkers, formBox, table)
	s.add(partEvents, formBox, body-cpu-traffic-table)
	s.add(partFooter, formStrip, 1)
	return s.places
}

// compact has a line each for CPU and traffic.
func compact(width, height int, n need) []place {
	head := 1 + min(n.banner, compactBannerRows)
	body := height - head - 3
	table := tableRows(n, body)
	s := stack{width: width}
	s.addHead(head)
	s.add(partCPU, formStrip, 1)
	s.add(partTraffic, formStrip, 1)
	s.add(partWorkers, formBox, table)
	s.add(partEvents, formBox, body-table)
	s.add(partFooter, formStrip, 1)
	return s.places
}

// unframed is compact without frames.
func unframed(width, height int, n need) []place {
	head := 1 + min(n.banner, unframedBannerRows)
	body := height - head - 3
	table := between(n.rows+tableHeadRows, 2, body-1)
	s := stack{width: width}
	s.addHead(head)
	s.add(partCPU, formStrip, 1)
	s.add(partTraffic, formStrip, 1)
	s.add(partWorkers, formPlain, table)
	s.add(partEvents, formPlain, body-table)
	s.add(partFooter, formStrip, 1)
	return s.places
}

// graphRows returns the height of a framed CPU pane that shows every core, but
// no less than least.
func graphRows(n need, width, least int) int {
	const meanAndMemory = 2
	return max(least, coreRows(n.cores, width-draw.BoxEdge)+meanAndMemory+draw.BoxRows)
}

// tableRows divides room between the framed table and the events below it.
func tableRows(n need, room int) int {
	events := max(minEventsRows, min(room/3, 8))
	return between(n.rows+tableHeadRows+draw.BoxRows, min(minTableRows, room-minEventsRows), room-events)
}

// stack collects places from top to bottom.
type stack struct {
	width, y int
	places   []place
}

func (s *stack) add(p part, f form, height int) {
	s.places = append(s.places, place{p, f, rect{0, s.y, s.width, height}})
	s.y += height
}

// addHead adds the header and, in the lines that are left of height, the banner.
func (s *stack) addHead(height int) {
	s.add(partHeader, formStrip, 1)
	if height > 1 {
		s.add(partBanner, formStrip, height-1)
	}
}

// between returns v kept within low and high; low wins if they cross.
func between(v, low, high int) int { return max(low, min(v, high)) }
