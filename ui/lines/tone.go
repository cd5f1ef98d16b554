package lines

import "gcl-tui/cluster"

// tone is the kind of news an event is. The mark carries it, so that it is not
// lost without colours.
type tone int

const (
	toneInfo tone = iota
	toneGood
	toneBusy // something goes on
	toneBad
	toneWarn
)

var (
	unicodeMarks = [...]string{toneInfo: "·", toneGood: "●", toneBusy: "◐", toneBad: "✗", toneWarn: "▲"}
	asciiMarks   = [...]string{toneInfo: ".", toneGood: "*", toneBusy: "o", toneBad: "x", toneWarn: "^"}
)

func (t tone) mark(ascii bool) string {
	if ascii {
		return asciiMarks[t]
	}
	return unicodeMarks[t]
}

// sgr returns the code that switches the tone's colour on. They are from the
// terminal's own sixteen, which its user has made readable. An event's level
// outranks what kind of news it mostly is.
func (t tone) sgr(level cluster.Level) string {
	const red, green, yellow, cyan, dim = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m", "\x1b[2m"
	if level == cluster.LevelError || t == toneBad {
		return red
	}
	if level == cluster.LevelWarn || t == toneWarn {
		return yellow
	}
	switch t {
	case toneGood:
		return green
	case toneBusy:
		return cyan
	default:
		return dim
	}
}
