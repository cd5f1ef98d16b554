package ui

import "gcl-tui/ui/internal/draw"

// pane draws a part of the screen: exactly r.h lines of r.w cells.
type pane func(v *view, f form, r rect) []string

// panes holds the pane of each part. A new pane is an entry here and a place in
// layout.go.
var panes = [...]pane{
	partHeader:  header,
	partBanner:  bannerPane,
	partCPU:     cpuPane,
	partTraffic: trafficPane,
	partWorkers: workersPane,
	partEvents:  eventsPane,
	partFooter:  footer,
	partStatus:  statusPane,
}

// draw returns m.height lines of m.width cells.
func (m *model) draw() []string {
	places := m.places()
	m.cursor.scroll(m.snap.Workers, visibleRows(places))
	v := m.view()
	v.framed = hasFrame(places, partEvents)
	lines := v.frame(places, m.height)
	if m.overlay != nil && m.width > 0 {
		if box := m.overlay.box(v, m.width, m.height); box != nil {
			// The last line stays: it tells the keys.
			last := len(lines) - 1
			lines = append(v.Overlay(lines[:last], box), lines[last])
		}
	}
	return lines
}

func (m *model) places() []place {
	return layout(m.width, m.height, need{
		banner: bannerOf(m.pen, m.snap, m.width).rows(),
		rows:   len(m.snap.Workers),
		cores:  len(m.snap.Machine.Cores),
	})
}

// tableRows returns how many workers the table shows at once.
func (m *model) tableRows() int { return visibleRows(m.places()) }

// visibleRows returns how many rows of the table have room.
func visibleRows(places []place) int {
	for _, p := range places {
		switch {
		case p.part != partWorkers:
		case p.form == formBox:
			return p.rect.h - draw.BoxRows - tableHeadRows
		default:
			return p.rect.h - tableHeadRows
		}
	}
	return 0
}

// hasFrame is true if a pane is shown with a frame.
func hasFrame(places []place, which part) bool {
	for _, p := range places {
		if p.part == which && p.form == formBox {
			return true
		}
	}
	return false
}

// frame draws all panes and joins those that stand side by side.
func (v *view) frame(places []place, height int) []string {
	lines := make([]string, height)
	for _, p := range places {
		for i, line := range panes[p.part](v, p.form, p.rect) {
			lines[p.rect.y+i] += line
		}
	}
	return lines
}

// pad returns exactly height lines: blank ones are added, those too many cut.
func (v *view) pad(lines []string, width, height int) []string {
	if len(lines) > height {
		return lines[:height]
	}
	return append(lines, draw.Blank(v.Pen, width, height-len(lines))...)
}
