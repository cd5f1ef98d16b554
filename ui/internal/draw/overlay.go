package draw

import "github.com/charmbracelet/x/ansi"

// Overlay returns a screen with a box in its middle and the rest dimmed. Both
// are lines of equal width; a box too large for the screen is cut.
func (p Pen) Overlay(screen, box []string) []string {
	if len(screen) == 0 || len(box) == 0 {
		return screen
	}
	width, boxWidth := Width(screen[0]), min(Width(box[0]), Width(screen[0]))
	x, y := (width-boxWidth)/2, max(0, (len(screen)-len(box))/2)
	out := make([]string, len(screen))
	for i, line := range screen {
		dim := ansi.Strip(line)
		if j := i - y; j >= 0 && j < len(box) {
			right := width - x - boxWidth
			out[i] = p.Line(x).Text(p.Border, ansi.Truncate(dim, x, "")).String() +
				ansi.Truncate(box[j], boxWidth, "") +
				p.Line(right).Right(p.Border, ansi.TruncateLeft(dim, x+boxWidth, ""), right).String()
			continue
		}
		out[i] = p.Border.Render(dim)
	}
	return out
}
