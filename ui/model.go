package ui

import (
	"context"
	"image/color"
	"os"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

const (
	// snapshotEvery is a little more than the time between two snapshots while
	// nothing happens, lookSoon the time between two looks while something does.
	snapshotEvery = time.Second + 30*time.Millisecond
	lookSoon      = 250 * time.Millisecond
	// stirTime is how long after a key or an event something may go on.
	stirTime = 2 * time.Second
)

// model is the state of the screen. It belongs to the program's goroutine.
type model struct {
	ctx    context.Context // ends with Run
	master Master
	source events
	opts   Options
	keys   KeyMap
	pen    draw.Pen

	continued     <-chan os.Signal   // told when the process goes on after it was stopped
	background    <-chan color.Color // the terminal's answers
	askBackground func() error       // nil if the theme is known

	width, height int
	snap          *cluster.Snapshot
	feed          feed
	roll          roll
	errors        rising
	cursor        cursor
	toast         toast
	overlay       overlay // nil if nothing lies over the panes
	quitting      bool    // the user asked for the end
	err           error   // what Run is to return

	drawn   time.Time // when the latest frame was drawn
	dirty   bool      // it does not show the state
	stirred time.Time // when a key or an event last came
}

func newModel(ctx context.Context, m Master, source events, o Options) (*model, error) {
	pen, err := o.pen(darkGuess(o))
	if err != nil {
		return nil, err
	}
	md := &model{
		ctx: ctx, master: m, source: source, opts: o, pen: pen,
		keys: DefaultKeyMap(), snap: &cluster.Snapshot{}, dirty: true,
	}
	md.look()
	return md, nil
}

// Init starts the commands that feed the model.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.tick(), nextEvents(m.ctx, m.source), waitEnd(m.ctx, m.master), waitContinued(m.ctx, m.continued)}
	if m.askBackground != nil {
		cmds = append(cmds, m.query, waitBackground(m.ctx, m.background))
	}
	return tea.Batch(cmds...)
}

// query asks the terminal for its background. That it cannot be asked is no
// reason to end: the theme is guessed then.
func (m *model) query() tea.Msg {
	_ = m.askBackground()
	return nil
}

// Update routes a message to where it is dealt with.
func (m *model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return m.onKeys(msg)
	case tickMsg:
		m.look()
		return m.tick()
	case eventsMsg:
		m.learn(msg)
		return nextEvents(m.ctx, m.source)
	case resultMsg:
		m.report(msg)
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case continuedMsg:
		return tea.Batch(m.resume(), waitContinued(m.ctx, m.continued))
	case backgroundMsg:
		m.repaint(msg.dark)
	case doneMsg:
		return tea.Quit
	case canceledMsg:
		m.err = msg.err
		return tea.Quit
	}
	return nil
}

// frame draws the state: m.height lines of m.width cells.
func (m *model) frame() []string {
	m.dirty = false
	m.drawn = m.opts.Now()
	return m.draw()
}

// look takes the latest snapshot, and has the frame drawn again if it differs
// or if something in it moves with the clock.
func (m *model) look() {
	now := m.opts.Now()
	if snap := m.master.Snapshot(); snap != nil && snap != m.snap {
		m.snap = snap
		m.errors.observe(snap, now)
		m.cursor.keep(snap.Workers)
		m.dirty = true
	}
	if m.toast.expire(now) || m.moves(now) {
		m.dirty = true
	}
}

// tick returns the command for the next look: soon while something goes on, else
// when the next snapshot is due, which wakes an idle process once a second.
func (m *model) tick() tea.Cmd {
	now := m.opts.Now()
	wait := m.snap.Time.Add(snapshotEvery).Sub(now)
	if wait < lookSoon || wait > snapshotEvery || m.busy(now) {
		wait = lookSoon
	}
	return later(m.ctx, wait, tickMsg{})
}

// busy is true if the next snapshot may come at any time, or a figure counts
// down.
func (m *model) busy(now time.Time) bool {
	return now.Sub(m.stirred) < stirTime || m.toast.text != "" || m.stopping() || m.snap.Reloading || !m.snap.Source.Building.IsZero() ||
		slices.ContainsFunc(m.snap.Workers, func(w cluster.Worker) bool {
			return !lookOf(w.State).lasting
		})
}

// moves is true if the clock alone has changed what the frame shows.
func (m *model) moves(now time.Time) bool {
	if now.Sub(m.drawn) >= time.Second || !m.snap.Source.Building.IsZero() {
		return true
	}
	for _, w := range m.snap.Workers {
		if w.State == cluster.StateBackoff {
			return true // counts down in tenths of a second
		}
	}
	return false
}

// learn takes in events.
func (m *model) learn(msg eventsMsg) {
	if msg.missed > 0 {
		m.feed.missed(msg.missed, m.opts.Now())
	}
	for _, e := range msg.events {
		m.roll.observe(e)
		m.feed.add(m.pen, e)
	}
	m.dirty = true
	m.stirred = m.opts.Now()
	m.look()
}

// report shows how a request went.
func (m *model) report(msg resultMsg) {
	t := note{toneGood, msg.done}
	if msg.err != nil {
		t = note{toneCrit, m.pen.Clean(msg.err.Error())}
	}
	m.say(t)
}

// say shows a note for a while.
func (m *model) say(n note) {
	m.toast = toast{note: n, until: m.opts.Now().Add(toastTime)}
	m.dirty = true
}

func (m *model) resize(width, height int) {
	m.width, m.height = max(width, 0), max(height, 0)
	m.dirty = true
}

// repaint changes to the theme for the terminal's background.
func (m *model) repaint(dark bool) {
	if pen, err := m.opts.pen(dark); err == nil && pen.Name != m.pen.Name {
		m.pen = pen
		m.dirty = true
	}
}

// stopping is true once the end was asked for, here or elsewhere.
func (m *model) stopping() bool { return m.quitting || m.snap.Stopping }
