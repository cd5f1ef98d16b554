package ui

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster"
)

// keyMsg returns the message of a key by its name.
func keyMsg(name string) tea.KeyMsg {
	for k, v := range map[string]tea.KeyType{
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "enter": tea.KeyEnter,
		"esc": tea.KeyEsc, "tab": tea.KeyTab, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "end": tea.KeyEnd, "home": tea.KeyHome, "ctrl+c": tea.KeyCtrlC, "ctrl+z": tea.KeyCtrlZ,
	} {
		if k == name {
			return tea.KeyMsg{Type: v}
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// press types keys and runs what comes of them. It returns true if the program
// is to quit.
func press(md *model, keys ...string) (quit bool) {
	for _, k := range keys {
		quit = settle(md, md.Update(keyMsg(k))) || quit
	}
	return quit
}

// settle runs a command, and those it stands for, and delivers their messages.
func settle(md *model, cmd tea.Cmd) (quit bool) {
	if cmd == nil {
		return false
	}
	msg := cmd()
	if _, ok := msg.(tea.QuitMsg); ok {
		return true
	}
	// Batches and sequences are slices of commands; the latter's type is not exported.
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice {
		for i := range v.Len() {
			quit = settle(md, v.Index(i).Interface().(tea.Cmd)) || quit
		}
		return quit
	}
	return settle(md, md.Update(msg))
}

// calm is a cluster that nobody would miss: nothing in flight.
func calm() *cluster.Snapshot {
	s := fixture()
	s.Traffic.InFlight, s.Traffic.Held, s.Traffic.Tunnels = 0, 0, 0
	return s
}

// workersOnly is a cluster of plain workers.
func workersOnly(state cluster.State) *cluster.Snapshot {
	s := calm()
	s.Traffic = cluster.Traffic{}
	for i := range s.Workers {
		s.Workers[i].State = state
	}
	return s
}

func TestKeys(t *testing.T) {
	// In the fixture w5 waits to be restarted and w7 was given up.
	for _, c := range []struct {
		name string
		snap *cluster.Snapshot
		keys []string
		want []string
		quit bool
	}{
		{name: "more", keys: []string{"+", "="}, want: []string{"scale +1 by you", "scale +1 by you"}},
		{name: "fewer", keys: []string{"-"}, want: []string{"scale -1 by you"}},
		{name: "restart the first", keys: []string{"r"}, want: []string{"restart 1"}},
		{name: "restart another", keys: []string{"j", "down", "r"}, want: []string{"restart 3"}},
		{name: "up again", keys: []string{"j", "j", "k", "up", "r"}, want: []string{"restart 1"}},
		{name: "the last, the first", keys: []string{"end", "r", "home", "r"}, want: []string{"restart 8", "restart 1"}},
		{name: "restart one in backoff", keys: []string{"jjjj", "r"}, want: []string{"start 5"}},
		{name: "several keys in one message", keys: []string{"jjr"}, want: []string{"restart 3"}},
		{name: "roll", keys: []string{"R"}, want: []string{"reload you"}},
		{name: "stop", keys: []string{"x"}, want: []string{"stop 1"}},
		{name: "start one given up", keys: []string{"jjjjjj", "x"}, want: []string{"start 7"}},
		{name: "kill, yes", keys: []string{"X", "y"}, want: []string{"kill 1"}},
		{name: "kill, enter is no", keys: []string{"X", "enter"}},
		{name: "kill, escape is no", keys: []string{"X", "esc"}},
		{name: "kill, n is no", keys: []string{"X", "n"}},
		{name: "kill, chosen", keys: []string{"X", "right", "enter"}, want: []string{"kill 1"}},
		{name: "kill, chosen and thought better", keys: []string{"X", "tab", "left", "enter"}},
		{name: "kill without a process", keys: []string{"jjjj", "X", "y"}},
		{name: "a question keeps the other keys", keys: []string{"X", "+", "R", "x"}},
		{name: "so does the help", keys: []string{"?", "+", "r"}},
		{name: "the help closes", keys: []string{"?", "?", "+"}, want: []string{"scale +1 by you"}},
		{name: "q closes the help", keys: []string{"?", "q"}, snap: calm()},
		{name: "escape does not quit", keys: []string{"esc"}, snap: calm()},
		{name: "stop of one that drains asks", keys: []string{"j", "j", "j", "x"}},
		{name: "stop of one that drains, yes", keys: []string{"j", "j", "j", "x", "y"}, want: []string{"kill 4"}},
		{name: "quit", keys: []string{"q"}, snap: calm(), want: []string{"stop all"}},
		{name: "quit asks", keys: []string{"q"}},
		{name: "quit, enter is no", keys: []string{"q", "enter"}},
		{name: "quit, yes", keys: []string{"q", "y"}, want: []string{"stop all"}},
		{name: "quit asks for plain workers", keys: []string{"q"}, snap: workersOnly(cluster.StateReady)},
		{name: "but not for those that are down", keys: []string{"q"}, snap: workersOnly(cluster.StateFailed), want: []string{"stop all"}},
		{name: "quit twice is once", keys: []string{"q", "q"}, snap: calm(), want: []string{"stop all"}},
		{name: "ctrl+c never asks", keys: []string{"ctrl+c"}, want: []string{"stop all"}},
		{name: "not even in a question", keys: []string{"X", "ctrl+c"}, want: []string{"stop all"}},
		{name: "ctrl+c twice", keys: []string{"ctrl+c", "ctrl+c"}, want: []string{"stop all", "stop all"}, quit: true},
		{name: "nothing else once it stops", keys: []string{"ctrl+c", "+", "r", "x", "X", "R"}, want: []string{"stop all"}},
		{name: "an unknown key", keys: []string{"Q", "enter"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.snap == nil {
				c.snap = fixture()
			}
			m := newFakeMaster(c.snap)
			md := testModel(m, Options{})
			md.resize(120, 36)
			quit := press(md, c.keys...)
			if diff := cmp.Diff(c.want, m.called(), cmp.Transformer("empty", func(s []string) string { return strings.Join(s, "; ") })); diff != "" {
				t.Errorf("requests: %s", diff)
			}
			if quit != c.quit {
				t.Errorf("quit: %v, want %v", quit, c.quit)
			}
			if c.quit != errors.Is(md.err, ErrForced) {
				t.Errorf("Run would return %v", md.err)
			}
		})
	}
}

func TestPastedTextIsNoCommand(t *testing.T) {
	m := newFakeMaster(calm())
	md := testModel(m, Options{})
	settle(md, md.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Paste: true}))
	settle(md, md.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("Rx+"), Paste: true}))
	if got := m.called(); len(got) > 0 {
		t.Errorf("requests: %q", got)
	}
}

// However small the screen is, a question that a key would answer is seen.
func TestQuestionIsSeenAtEverySize(t *testing.T) {
	for h := 1; h <= 6; h++ {
		md := testModel(newFakeMaster(fixture()), Options{})
		md.resize(20, h)
		press(md, "X")
		if text := stripped(screenText(md)); !strings.Contains(text, "kill w1?") {
			t.Errorf("20x%d asks unseen:\n%s", h, text)
		}
	}
}

// A page is scrolled by the keys that scroll the table.
func TestPageScrolls(t *testing.T) {
	md := testModel(newFakeMaster(fixture()), Options{})
	md.resize(60, 16)
	press(md, "?")
	for _, c := range []struct{ key, first, last string }{
		{"home", "the selected worker", "w       watch"},
		{"pgdown", "w       watch", "end     the last worker"},
		{"pgup", "the selected worker", "w       watch"},
		{"end", "end     the last worker", "ctrl+c  stop"},
		{"home", "the selected worker", "w       watch"},
	} {
		press(md, c.key)
		lines := strings.Split(stripped(screenText(md)), "\n")
		text := strings.Join(lines[1:13], "\n")
		if !strings.Contains(text, c.first) || !strings.Contains(text, c.last) {
			t.Errorf("%s: want from %q to %q:\n%s", c.key, c.first, c.last, text)
		}
	}
}

// A kill ends both workers of a slot that is being replaced, and so it says.
func TestKillNamesAllThatItEnds(t *testing.T) {
	s := fixture()
	old := s.Workers[0]
	old.PID, old.State, old.Traffic.InFlight = 40_999, cluster.StateDraining, 1
	s.Workers[0].Traffic.InFlight = 2
	s.Workers = slices.Insert(s.Workers, 0, old)
	md := testModel(newFakeMaster(s), Options{})
	press(md, "X")
	want := "SIGKILL ends pid 40999 and 41201 with all children at once. 3 requests in flight may be lost."
	if q, ok := md.overlay.(*question); !ok || q.text != want {
		t.Errorf("asked %+v, want %q", md.overlay, want)
	}
}

// A worker that was asked about and has gone must not cost its successor's life.
func TestKillSparesTheSuccessor(t *testing.T) {
	m := newFakeMaster(fixture())
	md := testModel(m, Options{})
	press(md, "X")
	next := fixture()
	next.Workers[0].PID = 99_999
	m.snap.Store(next)
	md.look()
	press(md, "y")
	if got := m.called(); len(got) > 0 {
		t.Errorf("requests: %q", got)
	}
	if !strings.Contains(md.toast.text, "nothing was killed") {
		t.Errorf("the toast says %q", md.toast.text)
	}
}

// Suspending would suspend the router with the screen, so it is refused, whatever
// lies over the panes, and not in silence.
func TestSuspendIsRefused(t *testing.T) {
	for _, c := range []struct {
		snap *cluster.Snapshot
		keys []string
		want string
	}{
		{fixture(), []string{"ctrl+z"}, "ctrl+z would stop the requests too; q quits, or use another terminal"},
		{fixture(), []string{"X", "ctrl+z"}, "ctrl+z would stop the requests too; q quits, or use another terminal"},
		{kernelBalanced(), []string{"ctrl+z"}, "ctrl+z would stop restarts too; q quits, or use another terminal"},
	} {
		m := newFakeMaster(c.snap)
		md := testModel(m, Options{})
		md.resize(80, 24)
		quit := press(md, c.keys...)
		if calls := m.called(); quit || len(calls) > 0 {
			t.Errorf("%v: quit %v, requests %q", c.keys, quit, calls)
		}
		if asks := md.overlay != nil; asks != (len(c.keys) > 1) {
			t.Errorf("%v: a question is open: %v", c.keys, asks)
		}
		if !strings.Contains(stripped(screenText(md)), c.want) {
			t.Errorf("%v: the screen does not say %q:\n%s", c.keys, c.want, screenText(md))
		}
	}
}

func TestRequestResultIsShown(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{{nil, "✓ restarting w1"}, {errNoSuchWorker, "✗ no such worker"}, {errors.New("bad\x1b[2J\nname"), "✗ bad name"}} {
		m := newFakeMaster(fixture())
		m.fail = c.err
		md := testModel(m, Options{})
		md.resize(80, 24)
		press(md, "r")
		if got := screenText(md); !strings.Contains(got, c.want) {
			t.Errorf("the screen does not say %q", c.want)
		}
	}
}

// Each key that the footer names does something: the model or the master
// notices it.
func TestFooterNeverLies(t *testing.T) {
	down := fixture()
	down.Workers = down.Workers[6:] // given up, and a ready one
	one := calm()
	one.Want = 1
	for name, s := range map[string]*cluster.Snapshot{
		"fixture": fixture(), "down": down, "one": one, "watched": watched(), "broken": broken(), "waiting": waiting(), "given up": givenUp(),
	} {
		for _, open := range []string{"", "?", "X"} {
			names := footerKeys(s, open)
			for _, k := range names {
				m := newFakeMaster(s)
				md := testModel(m, Options{})
				md.resize(120, 36)
				if open != "" {
					press(md, open)
				}
				before := md.overlay
				quit := press(md, k)
				if len(m.called()) == 0 && md.overlay == before && !quit {
					t.Errorf("%s, after %q: the footer names %q, which does nothing", name, open, k)
				}
			}
		}
	}
	if got := footerKeys(one, ""); slices.Contains(got, "-") {
		t.Errorf("with one worker the footer offers one less: %q", got)
	}
}

// Under a page, too, ctrl+c kills once everything is about to stop.
func TestFooterTellsWhatForceDoes(t *testing.T) {
	stopping := fixture()
	stopping.Stopping = true
	for snap, want := range map[*cluster.Snapshot]string{fixture(): "stop", stopping: "kill what is left"} {
		md := testModel(newFakeMaster(snap), Options{})
		press(md, "?")
		hints := md.hints()
		if got := hints[len(hints)-1].Help(); got.Key != "ctrl+c" || got.Desc != want {
			t.Errorf("stopping: %v, the footer says %s %s", snap.Stopping, got.Key, got.Desc)
		}
	}
}

// What is on the screen may be older than the latest snapshot.
func TestQuitDecidesByTheLatestSnapshot(t *testing.T) {
	for _, c := range []struct {
		name         string
		shown, later *cluster.Snapshot
		asks         bool
	}{
		{"a request came", calm(), fixture(), true},
		{"the last one ended", fixture(), calm(), false},
	} {
		m := newFakeMaster(c.shown)
		md := testModel(m, Options{})
		m.snap.Store(c.later)
		press(md, "q")
		if asks, stops := md.overlay != nil, len(m.called()) > 0; asks != c.asks || stops == c.asks {
			t.Errorf("%s: asks %v, stops %v", c.name, asks, stops)
		}
	}
}

// What a program has under way that nobody can wait for is said to be at risk.
func TestQuitTellsWhatIsCut(t *testing.T) {
	tunnels := fixture()
	tunnels.Traffic.Tunnels = 3
	for want, snap := range map[string]*cluster.Snapshot{
		"43 open connections" + stopsAtOnce:                   kernelBalanced(),
		"8 workers at work" + stopsAtOnce:                     workersOnly(cluster.StateReady),
		"214 requests in flight" + mayFinish:                  fixture(),
		"214 requests in flight, 3 open tunnels" + tunnelsEnd: tunnels,
	} {
		if got := atStake(snap); got != want {
			t.Errorf("quit says %q, want %q", got, want)
		}
	}
}

func TestHelpNamesEveryKey(t *testing.T) {
	var named []string
	for _, g := range DefaultKeyMap().groups() {
		for _, b := range g.keys {
			named = append(named, b.Keys()...)
		}
	}
	for _, k := range strings.Fields("+ - r R x X w b B e j k up down pgup pgdown home end ? q ctrl+c") {
		if !slices.Contains(named, k) {
			t.Errorf("the help does not name %s", k)
		}
	}
}

func footerKeys(s *cluster.Snapshot, open string) []string {
	md := testModel(newFakeMaster(s), Options{})
	md.resize(120, 36)
	if open != "" {
		press(md, open)
	}
	var names []string
	for _, h := range md.hints() {
		names = append(names, h.Keys()...)
	}
	return names
}
