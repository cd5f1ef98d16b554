package ui

import "github.com/charmbracelet/bubbles/key"

// KeyMap is the keys of the screen. The footer and the help show what stands
// here, so neither can tell of a key that does not exist.
type KeyMap struct {
	Up, Down, PageUp, PageDown, First, Last key.Binding

	More, Fewer, Reload         key.Binding
	Restart, Stop, Start, Kill  key.Binding
	Watch, Build, RollBack      key.Binding
	Errors                      key.Binding
	Help, Close, Quit, Force    key.Binding
	Yes, No, Choose, Left, Next key.Binding
	Suspend                     key.Binding // never in footer or help: it is only answered
}

func bind(help, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
}

// DefaultKeyMap returns the keys as they are unless remapped.
func DefaultKeyMap() KeyMap {
	return KeyMap{
		Up:       bind("↑ k", "select the worker above", "up", "k"),
		Down:     bind("↓ j", "select the worker below", "down", "j"),
		PageUp:   bind("pgup", "a page up", "pgup"),
		PageDown: bind("pgdn", "a page down", "pgdown"),
		First:    bind("home", "the first worker", "home"),
		Last:     bind("end", "the last worker", "end"),

		More:   bind("+", "one worker more", "+", "="),
		Fewer:  bind("-", "one worker less", "-", "_"),
		Reload: bind("R", "replace all, one by one", "R"),

		Restart: bind("r", "restart it", "r"),
		Stop:    bind("x", "stop it", "x"),
		Start:   bind("x", "start it", "x"),
		Kill:    bind("X", "kill it (asks)", "X"),

		Watch:    bind("w", "watch for changes: pause, or go on", "w"),
		Build:    bind("b", "build now; without a build, reload", "b"),
		RollBack: bind("B", "back to the generation before", "B"),
		Errors:   bind("e", "why the new code or the worker failed", "e"),

		Help:  bind("?", "help", "?"),
		Close: bind("esc", "close", "esc", "?", "e", "q", "enter"), // those that open a page close it, too
		Quit:  bind("q", "quit", "q"),
		Force: bind("ctrl+c", "stop; again: kill what is left", "ctrl+c"),

		Yes:    bind("y", "yes", "y", "Y"),
		No:     bind("n", "no", "n", "N", "esc"),
		Choose: bind("enter", "choose", "enter"),
		Left:   bind("←", "no", "left", "h"),
		Next:   bind("→", "yes", "right", "l", "tab"),

		Suspend: bind("ctrl+z", "suspend", "ctrl+z"),
	}
}

// helpGroup is a heading of the help and the keys below it.
type helpGroup struct {
	title string
	keys  []key.Binding
}

// groups returns all keys as the help shows them.
func (k KeyMap) groups() []helpGroup {
	return []helpGroup{
		{"the selected worker", []key.Binding{k.Restart, merged(k.Stop, "stop it, or start it"), k.Kill}},
		{"all workers", []key.Binding{k.More, k.Fewer, k.Reload}},
		{"the program", []key.Binding{k.Watch, k.Build, k.RollBack, k.Errors}},
		{"select", []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.First, k.Last}},
		{"the screen", []key.Binding{merged(k.Help, "this help"), merged(k.Quit, "quit (asks if requests are open)"), k.Force}},
	}
}

// both returns a binding of two keys that belong together.
func both(a, b key.Binding, does string) key.Binding {
	return bind(a.Help().Key+" "+b.Help().Key, does, append(a.Keys(), b.Keys()...)...)
}

// merged returns b with another description.
func merged(b key.Binding, does string) key.Binding {
	b.SetHelp(b.Help().Key, does)
	return b
}
