package ui

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The places of a layout tile the screen exactly, at every size.
func TestLayoutTilesTheScreen(t *testing.T) {
	for _, n := range []need{{}, {rows: 1, cores: 1}, {rows: 8, cores: 8}, {rows: 40, cores: 64}, {banner: 1, rows: 8, cores: 8}, {banner: 9, rows: 1024, cores: 256}} {
		for w := range 260 {
			for h := range 90 {
				if what := untiled(layout(w, h, n), w, h); what != "" {
					t.Fatalf("%dx%d, %+v: %s", w, h, n, what)
				}
			}
		}
	}
}

// untiled says what is wrong with places on a screen of that size.
func untiled(places []place, w, h int) string {
	covered, lastX, lastY := 0, -1, -1
	for _, p := range places {
		r := p.rect
		switch {
		case r.w <= 0 || r.h <= 0:
			return "an empty place"
		case r.x < 0 || r.y < 0 || r.x+r.w > w || r.y+r.h > h:
			return "a place outside"
		case r.y < lastY || r.y == lastY && r.x <= lastX:
			return "places out of order"
		}
		for _, q := range places {
			if q.part != p.part && r.x < q.rect.x+q.rect.w && q.rect.x < r.x+r.w && r.y < q.rect.y+q.rect.h && q.rect.y < r.y+r.h {
				return "places that overlap"
			}
		}
		covered += r.w * r.h
		lastX, lastY = r.x, r.y
	}
	if covered != w*h {
		return "a hole"
	}
	return ""
}

func TestLayout(t *testing.T) {
	eight := need{rows: 8, cores: 8}
	for _, c := range []struct {
		name string
		w, h int
		n    need
		want []place
	}{
		{"nothing", 0, 24, eight, nil},
		{"wide", 120, 36, eight, []place{
			{partHeader, formStrip, rect{0, 0, 120, 1}},
			{partCPU, formBox, rect{0, 1, 60, 11}},
			{partTraffic, formBox, rect{60, 1, 60, 11}},
			{partWorkers, formBox, rect{0, 12, 120, 11}},
			{partEvents, formBox, rect{0, 23, 120, 12}},
			{partFooter, formStrip, rect{0, 35, 120, 1}},
		}},
		{"compact", 80, 24, eight, []place{
			{partHeader, formStrip, rect{0, 0, 80, 1}},
			{partCPU, formStrip, rect{0, 1, 80, 1}},
			{partTraffic, formStrip, rect{0, 2, 80, 1}},
			{partWorkers, formBox, rect{0, 3, 80, 11}},
			{partEvents, formBox, rect{0, 14, 80, 9}},
			{partFooter, formStrip, rect{0, 23, 80, 1}},
		}},
		{"without frames", 40, 10, eight, []place{
			{partHeader, formStrip, rect{0, 0, 40, 1}},
			{partCPU, formStrip, rect{0, 1, 40, 1}},
			{partTraffic, formStrip, rect{0, 2, 40, 1}},
			{partWorkers, formPlain, rect{0, 3, 40, 5}},
			{partEvents, formPlain, rect{0, 8, 40, 1}},
			{partFooter, formStrip, rect{0, 9, 40, 1}},
		}},
		{"a few lines", 20, 5, eight, []place{{partStatus, formPlain, rect{0, 0, 20, 5}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := layout(c.w, c.h, c.n)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(place{}, rect{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCursor(t *testing.T) {
	workers := crowd(4, 30).Workers
	for _, c := range []struct {
		name          string
		moves         []int
		visible       int
		slot, top     int
		keep, keepTop int // after only 12 workers are left
	}{
		{"stays at the first", []int{-5}, 10, 1, 0, 1, 0},
		{"goes down in view", []int{1, 1}, 10, 3, 0, 3, 0},
		{"scrolls down", []int{14}, 10, 15, 5, 12, 2},
		{"stops at the last", []int{100}, 10, 30, 20, 12, 2},
		{"scrolls back up", []int{100, -15}, 10, 15, 14, 12, 2},
		{"has no room", []int{3}, 0, 4, 3, 4, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cur cursor
			cur.keep(workers)
			for _, by := range c.moves {
				cur.move(slots(workers), by)
				cur.scroll(workers, c.visible)
			}
			if cur.slot != c.slot || cur.top != c.top {
				t.Errorf("slot %d, top %d; want %d, %d", cur.slot, cur.top, c.slot, c.top)
			}
			cur.keep(workers[:12])
			cur.scroll(workers[:12], c.visible)
			if cur.slot != c.keep || cur.top != c.keepTop {
				t.Errorf("after scaling down: slot %d, top %d; want %d, %d", cur.slot, cur.top, c.keep, c.keepTop)
			}
		})
	}
}

// A column that is left out must be a less important one, and every column fits.
func TestFitColumns(t *testing.T) {
	for width := range 300 {
		used, worst := 0, 0
		for _, c := range fitColumns(columns, width, 1024) {
			used += c.got + gap
			worst = max(worst, c.rank)
			if c.got < c.width || c.most > 0 && c.got > c.most {
				t.Fatalf("width %d: %s got %d", width, c.title, c.got)
			}
		}
		if least := 5 + gap + 10 + gap; used > max(width, least) {
			t.Fatalf("width %d: the columns take %d", width, used)
		}
	}
	if n := len(fitColumns(columns, 140, 8)); n != len(columns) {
		t.Errorf("%d of %d columns at width 140", n, len(columns))
	}
}
