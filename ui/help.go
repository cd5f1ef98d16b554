package ui

import "gcl-tui/ui/internal/draw"

// helpKeyWidth is the column of the keys' names.
const (
	helpKeyWidth = 8
	helpWidth    = 54
)

// helpPage returns the page that lists all keys.
func helpPage() *page {
	return &page{title: "help", width: helpWidth, lines: helpLines, foot: func(v *view) string {
		if v.version == "" {
			return ""
		}
		return "gcl-tui " + v.version
	}}
}

func helpLines(v *view, width int) []string {
	var lines []string
	for i, g := range v.keys.groups() {
		if i > 0 {
			lines = append(lines, v.Line(width).String())
		}
		lines = append(lines, v.Line(width).Text(v.Strong, g.title).String())
		for _, b := range g.keys {
			l := v.Line(width).Space(2).Left(v.Key, v.keyName(b), helpKeyWidth)
			lines = append(lines, l.Text(draw.Plain, b.Help().Desc).String())
		}
	}
	return lines
}
