package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// banner says that the code that serves is not the newest, and why. It is there
// as long as that is so.
type banner struct {
	badge, head string
	why         string
	details     []detail // lines below the head
}

// detail is an error with its place, or the rest of a reason.
type detail struct{ where, text string }

// bannerIndent is what stands before a detail, and with the badge's own space,
// before the head.
const bannerIndent = 3

// isStale says whether the newest code is not what serves.
func isStale(s *cluster.Snapshot) bool {
	return s.Source.Stale != "" || len(s.Source.Problems) > 0
}

// bannerOf returns the banner for a snapshot on a screen of a width, or nil if
// there is nothing to warn of.
func bannerOf(p draw.Pen, s *cluster.Snapshot, width int) *banner {
	if !isStale(s) {
		return nil
	}
	b := &banner{badge: " " + p.Bad + " STALE ", head: fmt.Sprintf("gen %d serves, not the newest", s.Generation)}
	if s.Generation == 0 {
		b.badge, b.head = " "+p.Bad+" BUILD FAILED ", "nothing serves yet"
	}
	for _, e := range s.Source.Problems {
		at := e
		at.Text = ""
		b.details = append(b.details, detail{p.Clean(strings.TrimSuffix(at.String(), " ")), p.Clean(e.Text)})
	}
	b.why = p.Clean(reason(s))
	b.explain(width)
	return b
}

// reason says why the code is stale. The errors of a build follow, so it only
// counts them.
func reason(s *cluster.Snapshot) string {
	errs := s.Source.Problems
	if len(errs) == 0 {
		return s.Source.Stale
	}
	count := amount(len(errs), "error")
	why := strings.TrimSuffix(s.Source.Stale, ": "+errs[0].String())
	if why == "" || s.Generation == 0 { // the badge says it
		return count
	}
	return why + ", " + count
}

// explain puts the reason after the head, and what does not fit there below it.
func (b *banner) explain(width int) {
	const margins = 3
	text := b.head + ": " + b.why
	room := max(1, width-draw.Width(b.badge)-margins)
	if len(b.details) > 0 || draw.Width(text) <= room {
		b.head = text
		return
	}
	b.head, _, _ = strings.Cut(ansi.Wordwrap(text, room, ""), "\n")
	b.details = []detail{{text: strings.TrimSpace(strings.TrimPrefix(text, b.head))}}
}

// rows returns how many lines the banner could fill.
func (b *banner) rows() int {
	if b == nil {
		return 0
	}
	return 1 + len(b.details)
}

// bannerPane draws the banner. With one line there is no room for the head, if
// there is something more precise to say.
func bannerPane(v *view, _ form, r rect) []string {
	b := bannerOf(v.Pen, v.snap, r.w)
	if b == nil {
		return v.pad(nil, r.w, r.h)
	}
	first := v.Line(r.w).Space(1).Text(v.Badge, b.badge).Space(1)
	if r.h == 1 && len(b.details) > 0 {
		if len(v.snap.Source.Problems) == 0 {
			return []string{first.Text(draw.Plain, b.why).String()}
		}
		b.details[0].draw(v, first)
		return []string{first.String()}
	}
	lines := []string{first.Text(v.Strong, b.head).String()}
	for _, d := range b.details {
		l := v.Line(r.w).Space(bannerIndent)
		d.draw(v, l)
		lines = append(lines, l.String())
	}
	return v.pad(lines, r.w, r.h)
}

// draw appends the detail. A directory that would take most of the room is left
// out.
func (d detail) draw(v *view, l *draw.Line) {
	where := d.where
	if draw.Width(where) > l.Rest()*2/3 {
		where = where[strings.LastIndexAny(where, `/\`)+1:]
	}
	if where != "" {
		l.Text(v.Alarm, where).Space(1)
	}
	l.Text(draw.Plain, d.text)
}
