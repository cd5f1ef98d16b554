package theme

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Style is a pair of escape sequences around a text. Both are empty on a
// terminal without colours.
type Style struct{ On, Off string }

// Render returns text in the style.
func (s Style) Render(text string) string { return s.On + text + s.Off }

// End of a style that sets weight and foreground (ECMA-48 SGR 22 and 39): it
// leaves the background, and so the selected row, as it is.
const endForeground = "\x1b[22;39m"

// endReverse is endForeground with SGR 27, for a style that swaps foreground and
// background.
const endReverse = "\x1b[22;27;39m"

// endAll is SGR 0.
const endAll = "\x1b[0m"

func foreground(s lipgloss.Style) Style { return around(s, endForeground) }

func badge(s lipgloss.Style) Style { return around(s, endReverse) }

func background(s lipgloss.Style) Style { return around(s, endAll) }

// around takes the opening sequence from what lipgloss puts before a text.
func around(s lipgloss.Style, off string) Style {
	const probe = "x"
	on, _, _ := strings.Cut(s.Render(probe), probe)
	if on == "" {
		return Style{}
	}
	return Style{On: on, Off: off}
}
