package draw

import "gcl-tui/theme"

// Pen is what a pane draws with.
type Pen struct {
	theme.Theme
	*Glyphs
}
