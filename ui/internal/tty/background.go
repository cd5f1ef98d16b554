package tty

import (
	"image/color"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// QueryBackground asks the terminal for its background colour. It does not
// wait: the answer comes through Input, early, late or never.
func QueryBackground(out io.Writer) error {
	_, err := io.WriteString(out, ansi.RequestBackgroundColor)
	return err
}

// CanQuery is true if a terminal of this type (TERM) may be asked: the others
// would show the question.
func CanQuery(term string) bool {
	return inputCarriesAnswers && term != "" && term != "dumb" && term != "linux" && !strings.HasPrefix(term, "vt")
}

// IsDark is true for a background that light text is read on.
func IsDark(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	// Relative luminance by the weights of ITU-R BT.601.
	return 299*r+587*g+114*b < 500*0xffff
}

// GuessDark returns whether the background is dark as far as COLORFGBG tells,
// which rxvt, Konsole and others set to "foreground;background", both indexes
// of the 16 colours. Without it most terminals are dark.
func GuessDark(colorFGBG string) bool {
	at := strings.LastIndexByte(colorFGBG, ';')
	if at < 0 {
		return true
	}
	index, err := strconv.Atoi(colorFGBG[at+1:])
	return err != nil || index < 7 || index == 8
}
