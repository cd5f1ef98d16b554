package theme

import "github.com/charmbracelet/lipgloss"

// palette is what one theme chooses. Each colour is given for terminals with
// 16 million, 256 and 16 colours, in that order.
type palette struct {
	name string
	// dark tells which terminal background the theme is made for.
	dark bool

	muted, border, accent lipgloss.CompleteColor
	good, warn, crit      lipgloss.CompleteColor
	// graph shades a graph from its foot to its peak.
	graph [graphShades]lipgloss.CompleteColor
	// selection is the background of the selected row. Empty means none.
	selection lipgloss.CompleteColor
}

// palettes are the themes there are. To add one, add an entry.
var palettes = []palette{
	{
		name:   "dark",
		dark:   true,
		muted:  rgb("#868e9b", "245", "8"),
		border: rgb("#3d4552", "238", "8"),
		accent: rgb("#6cb8e6", "74", "6"),
		good:   rgb("#82c491", "114", "2"),
		warn:   rgb("#e5b567", "179", "3"),
		crit:   rgb("#f0787c", "203", "9"),
		graph: [graphShades]lipgloss.CompleteColor{
			rgb("#3f7396", "67", "6"),
			rgb("#4d8bb2", "67", "6"),
			rgb("#5ca2cd", "74", "6"),
			rgb("#6cb8e6", "74", "14"),
		},
		selection: rgb("#202a36", "236", ""),
	},
	{
		name:   "light",
		muted:  rgb("#636c78", "242", "8"),
		border: rgb("#bcc4ce", "250", "7"),
		accent: rgb("#0a67b3", "25", "4"),
		good:   rgb("#1c7a3d", "28", "2"),
		warn:   rgb("#945a00", "94", "3"),
		crit:   rgb("#bf2333", "160", "1"),
		graph: [graphShades]lipgloss.CompleteColor{
			rgb("#7fb0d8", "110", "4"),
			rgb("#5b98cb", "68", "4"),
			rgb("#337fbe", "32", "4"),
			rgb("#0a67b3", "25", "4"),
		},
		selection: rgb("#e2edf8", "254", ""),
	},
}

func rgb(trueColor, ansi256, ansi16 string) lipgloss.CompleteColor {
	return lipgloss.CompleteColor{TrueColor: trueColor, ANSI256: ansi256, ANSI: ansi16}
}
