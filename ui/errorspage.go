package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"gcl-tui/ui/internal/draw"
)

// errorsWidth is wide enough for what compilers say.
const errorsWidth = 100

// errorsPage returns the page of all that the banner has no room for.
func errorsPage() *page {
	return &page{title: "errors", width: errorsWidth, lines: errorLines, foot: func(v *view) string {
		if n := len(v.snap.Source.Problems); n > 0 {
			return amount(n, "error")
		}
		return ""
	}}
}

// errorLines is why the newest code does not serve: in full, nothing cut.
func errorLines(v *view, width int) []string {
	b := bannerOf(v.Pen, v.snap, width)
	if b == nil {
		return []string{v.Line(width).Text(v.Good, v.Done+" no errors any more: the newest code serves").String()}
	}
	var lines []string
	if len(v.snap.Source.Problems) == 0 {
		return v.said(v.wrap(lines, width, b.why), width, v.snap.Source.Said)
	}
	for _, d := range b.details {
		if d.where != "" {
			lines = append(lines, v.Line(width).Text(v.Alarm, d.where).String())
		}
		lines = v.wrap(lines, width, d.text)
	}
	return lines
}

// failurePage returns the page of why the worker of a slot failed.
func failurePage(slot int) *page {
	return &page{
		title: "why " + slotName(slot) + " failed", width: errorsWidth, foot: func(*view) string { return "" },
		lines: func(v *view, width int) []string {
			w, ok := selected(v.snap.Workers, slot)
			if !ok || w.Failure == "" {
				return []string{v.Line(width).Text(v.Good, v.Done+" it is past").String()}
			}
			return v.said(v.wrap(nil, width, v.Clean(w.Failure)), width, w.Said)
		},
	}
}

// said appends what a worker said last that has crashed.
func (v *view) said(lines []string, width int, said []string) []string {
	if len(said) == 0 {
		return lines
	}
	lines = append(lines, v.Line(width).String(), v.Line(width).Text(v.Muted, "its last words on stderr").String())
	for _, text := range said {
		lines = v.wrap(lines, width, v.Clean(strings.ReplaceAll(text, "\t", "    ")))
	}
	return lines
}

// wrap appends a text in as many lines as it takes.
func (v *view) wrap(lines []string, width int, text string) []string {
	const indent = 2
	for part := range strings.SplitSeq(ansi.Wrap(text, max(1, width-indent), ""), "\n") {
		lines = append(lines, v.Line(width).Space(indent).Text(draw.Plain, part).String())
	}
	return lines
}
