package draw

// Glyphs are the characters of the screen that a terminal may not have.
type Glyphs struct {
	// ASCII is true if nothing but ASCII may be shown.
	ASCII bool

	Horizontal, Vertical                       string
	TopLeft, TopRight, BottomLeft, BottomRight string

	Gutter   string // marks the selected row
	Ellipsis string // ends a text that was cut
	Full     string // of a meter
	Empty    string
	Axis     string // between a graph's scale and the graph
	Dash     string // joins the ends of a range

	Starting, Ready, Draining, Stopping, Backoff, Failed, Exited string

	Done, Bad, Warning, Rise, Fall, Cycle, Dot string

	// Watching marks that changes are acted on.
	Watching string

	// UpDown names the arrow keys; Arrow leads from one value to the next.
	UpDown, Arrow string

	micro  string
	blocks []string // levels of a one-cell bar, the lowest first
}

// Unicode are the glyphs of a terminal with a full font. All are one cell wide.
var Unicode = &Glyphs{
	Horizontal: "─", Vertical: "│",
	TopLeft: "╭", TopRight: "╮", BottomLeft: "╰", BottomRight: "╯",
	Gutter: "▌", Ellipsis: "…", Full: "■", Empty: "·", Axis: "┤", Dash: "–",
	Starting: "◌", Ready: "●", Draining: "◐", Stopping: "◑", Backoff: "↻", Failed: "✗", Exited: "○",
	Done: "✓", Bad: "✗", Warning: "▲", Rise: "▲", Fall: "▼", Cycle: "↻", Dot: "·",
	Watching: "◉",
	UpDown:   "↑↓", Arrow: "→",
	micro:  "µs",
	blocks: []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
}

// ASCII are the glyphs of any terminal.
var ASCII = &Glyphs{
	ASCII:      true,
	Horizontal: "-", Vertical: "|",
	TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
	Gutter: ">", Ellipsis: "~", Full: "#", Empty: ".", Axis: "|", Dash: "-",
	Starting: "o", Ready: "*", Draining: "%", Stopping: "/", Backoff: "@", Failed: "x", Exited: "-",
	Done: "*", Bad: "x", Warning: "!", Rise: "^", Fall: "v", Cycle: "@", Dot: ".",
	Watching: "o",
	UpDown:   "j/k", Arrow: "->",
	micro:  "us",
	blocks: []string{"_", ".", "-", "=", "+", "*", "%", "#"},
}
