package ui

import (
	"strings"
	"testing"
	"time"

	"gcl-tui/cluster"
)

// at sets the model's clock.
func at(md *model, t time.Time) { md.opts.Now = func() time.Time { return t } }

// Nothing new means no new frame: that is what makes an idle screen cheap.
func TestUnchangedSnapshotIsNotDrawn(t *testing.T) {
	md := testModel(newFakeMaster(crowd(4, 4)), Options{})
	md.resize(120, 36)
	md.frame()
	md.Update(tickMsg{})
	if md.dirty {
		t.Error("the same snapshot, and the frame is to be drawn again")
	}
	md.master.(*fakeMaster).snap.Store(crowd(4, 4))
	md.Update(tickMsg{})
	if !md.dirty {
		t.Error("a new snapshot is not to be drawn")
	}
	md.frame()
	at(md, clock.Add(time.Second))
	md.Update(tickMsg{})
	if !md.dirty {
		t.Error("a second later the clock and the ages are to be drawn")
	}
}

func TestCountdownMovesBetweenSnapshots(t *testing.T) {
	md := testModel(newFakeMaster(fixture()), Options{})
	md.resize(120, 36)
	first := screenText(md)
	at(md, clock.Add(400*time.Millisecond))
	md.Update(tickMsg{})
	if second := screenText(md); !strings.Contains(first, "in 1.2s") || !strings.Contains(second, "in 0.8s") {
		t.Error("the countdown to the restart did not move")
	}
}

func TestToastGoesAway(t *testing.T) {
	md := testModel(newFakeMaster(fixture()), Options{})
	md.resize(120, 36)
	press(md, "r")
	if !strings.Contains(screenText(md), "restarting w1") {
		t.Error("the result of the key is not shown")
	}
	at(md, clock.Add(toastTime))
	md.Update(tickMsg{})
	if !md.dirty || strings.Contains(screenText(md), "restarting w1") {
		t.Error("it is still shown when its time is over")
	}
}

func TestErrorsWarnOnlyWhileTheyRise(t *testing.T) {
	md := testModel(newFakeMaster(fixture()), Options{})
	md.resize(120, 36)
	crit := md.pen.Crit.On
	count := func() int { return strings.Count(strings.Join(md.frame(), ""), crit+"9") }
	if count() != 0 {
		t.Fatal("the fixture has a 9 in red already")
	}
	more := fixture()
	more.Traffic.Failed, more.Workers[1].Traffic.Errors = 9, 9
	md.master.(*fakeMaster).snap.Store(more)
	md.look()
	if n := count(); n != 2 {
		t.Errorf("%d counters are red when errors rose, want that of the total and that of w2", n)
	}
	at(md, clock.Add(hotTime))
	if n := count(); n != 0 {
		t.Errorf("%d counters are red long after", n)
	}
}

func TestRollProgress(t *testing.T) {
	s := fixture()
	s.Reloading = true
	s.Workers[3].Generation = 7
	md := testModel(newFakeMaster(s), Options{})
	md.resize(120, 36)
	if got := screenText(md); !strings.Contains(got, "rolling") || strings.Contains(got, " new ") {
		t.Error("a roll whose beginning was not seen has no count")
	}
	// w1, w2 and w3 started less than a minute ago.
	md.learn(eventsMsg{events: []cluster.Event{{Time: clock.Add(-time.Minute), Data: cluster.ReloadStarted{Generation: 7}}}})
	if got := screenText(md); !strings.Contains(got, "3 of 8 new") {
		t.Error("the screen does not say 3 of 8 new")
	}
}

func TestThemeFollowsTheBackground(t *testing.T) {
	for _, c := range []struct {
		theme string
		env   []string
		dark  bool // the terminal's answer
		first string
		then  string
	}{
		{"auto", nil, false, "dark", "light"},
		{"auto", nil, true, "dark", "dark"},
		{"auto", []string{"COLORFGBG=0;15"}, true, "light", "dark"},
		{"dark", nil, false, "dark", "dark"},
		{"light", []string{"COLORFGBG=15;0"}, true, "light", "light"},
	} {
		md := testModel(newFakeMaster(fixture()), Options{Theme: c.theme, Environ: append(c.env, trueColor...)})
		first := md.pen.Name
		md.Update(backgroundMsg{c.dark})
		if first != c.first || md.pen.Name != c.then {
			t.Errorf("%s, %v: %s, then %s; want %s, %s", c.theme, c.env, first, md.pen.Name, c.first, c.then)
		}
	}
}

func TestUnknownThemeIsNamed(t *testing.T) {
	err := CheckTheme("pink")
	if err == nil || !strings.Contains(err.Error(), "auto, dark, light") {
		t.Errorf("the error is %v", err)
	}
	if CheckTheme("auto") != nil || CheckTheme("light") != nil {
		t.Error("a theme that exists is refused")
	}
}

func BenchmarkFrame(b *testing.B) {
	md := testModel(newFakeMaster(fixture()), Options{}, fixtureEvents()...)
	md.resize(120, 36)
	b.ReportAllocs()
	for b.Loop() {
		md.frame()
	}
}

func BenchmarkIdleTick(b *testing.B) {
	md := testModel(newFakeMaster(crowd(8, 8)), Options{})
	md.resize(120, 36)
	md.frame()
	b.ReportAllocs()
	for b.Loop() {
		md.look()
	}
}
