package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster"
)

// feedText returns the feed's lines without times, after events a second apart.
func feedText(o Options, data ...cluster.EventData) []string {
	md := testModel(newFakeMaster(fixture()), o)
	for i, d := range data {
		md.learn(eventsMsg{events: []cluster.Event{{Time: clock.Add(time.Duration(i) * time.Second), Data: d}}})
	}
	var lines []string
	for _, l := range feedLines(md.view(), 100, 100) {
		lines = append(lines, strings.TrimSpace(ansi.Strip(l)[len("15:04:05 "):]))
	}
	return lines
}

func TestFeed(t *testing.T) {
	crash := func(w int) cluster.EventData {
		return cluster.WorkerExited{Worker: w, Code: 2, UptimeMS: 4000, Reason: "exit 2: panic: boom"}
	}
	loop := func(w int) cluster.EventData { return cluster.CrashLoop{Worker: w, Crashes: 5, WindowMS: 2000} }
	stopped := func(w int) cluster.EventData { return cluster.WorkerExited{Worker: w, Expected: true} }
	ready := func(w int, ms int64) cluster.EventData { return cluster.WorkerReady{Worker: w, TookMS: ms} }
	for _, c := range []struct {
		name string
		data []cluster.EventData
		want []string
	}{
		{"a start", []cluster.EventData{
			cluster.ClusterStarted{Workers: 2, Balance: cluster.LeastInFlight, Adoption: "env (switched off)"},
			cluster.WorkerStarted{Worker: 1},
			cluster.PortOpened{Addr: ":80"},
			ready(1, 90), ready(2, 120),
		}, []string{"✓ w1 w2 ready, the slowest in 120ms", "✓ listening on :80", "· 2 workers, balance least, adoption env (switched off)"}},
		{"a rolling restart", []cluster.EventData{
			cluster.ReloadStarted{Generation: 3, Cause: "you"},
			ready(1, 90), stopped(1), ready(2, 80), stopped(2), ready(3, 70), stopped(3),
			cluster.ReloadDone{Generation: 3, TookMS: 1500, Requests: 12_000, MaxWaitMS: 0},
		}, []string{
			"✓ gen 3 rolled in 1.5s: 12,000 served, 0 failed, longest wait <1ms", "· w1–w3 stopped",
			"✓ w1–w3 ready, the slowest in 90ms", "↻ gen 3: rolling (you)",
		}},
		{
			"a crash and its delay",
			[]cluster.EventData{crash(5), cluster.RestartScheduled{Worker: 5, DelayMS: 1600, Attempt: 4}},
			[]string{"✗ w5 crashed after 4.0s, back in 1.6s: exit 2: panic: boom"},
		},
		{
			"a crash and a delay over before it is read",
			[]cluster.EventData{crash(5), cluster.RestartScheduled{Worker: 5, DelayMS: 400, Attempt: 2}},
			[]string{"✗ w5 crashed after 4.0s: exit 2: panic: boom"},
		},
		{
			"one of many ready again",
			[]cluster.EventData{ready(1, 500), ready(2, 600), crash(1), ready(1, 30)},
			[]string{"✓ w1 ready in 30ms", "✗ w1 crashed after 4.0s: exit 2: panic: boom", "✓ w1 w2 ready, the slowest in 600ms"},
		},
		{
			"another one ready before a crash",
			[]cluster.EventData{ready(3, 50), crash(1), ready(1, 30)},
			[]string{"✓ w1 ready in 30ms", "✗ w1 crashed after 4.0s: exit 2: panic: boom", "✓ w3 ready in 50ms"},
		},
		{
			"another one ready before a kill",
			[]cluster.EventData{
				ready(5, 18), cluster.WorkerExited{Worker: 2, Signal: "SIGKILL", Expected: true, Reason: "killed (you)"}, ready(2, 19),
			},
			[]string{"✓ w2 ready in 19ms", "▲ w2 killed (you)", "✓ w5 ready in 18ms"},
		},
		{
			"another one ready before a stop",
			[]cluster.EventData{ready(5, 18), stopped(2), ready(2, 19)},
			[]string{"✓ w2 ready in 19ms", "· w2 stopped", "✓ w5 ready in 18ms"},
		},
		{
			"two in turn",
			[]cluster.EventData{crash(1), ready(1, 30), crash(2), ready(2, 40)},
			[]string{"✓ w1 w2 ready, the slowest in 40ms", "✗ w1 w2 crashed 2 times: exit 2: panic: boom"},
		},
		{
			"one worker restarted twice",
			[]cluster.EventData{ready(1, 48), stopped(1), ready(1, 15), stopped(1)},
			[]string{"· w1 stopped", "✓ w1 ready in 15ms", "· w1 stopped", "✓ w1 ready in 48ms"},
		},
		{
			"the only one, up and down",
			[]cluster.EventData{ready(1, 30), crash(1), ready(1, 20), crash(1), ready(1, 10)},
			[]string{"✓ w1 ready in 10ms", "✗ w1 crashed 2 times: exit 2: panic: boom"},
		},
		{
			"more workers than there were",
			[]cluster.EventData{ready(1, 500), ready(2, 600), cluster.Scaled{From: 2, To: 3, By: "you"}, ready(3, 30)},
			[]string{"✓ w3 ready in 30ms", "↻ scaled 2 → 3 (you)", "✓ w1 w2 ready, the slowest in 600ms"},
		},
		{
			"many crashes alike",
			[]cluster.EventData{crash(5), ready(5, 10), crash(5), crash(6)},
			[]string{"✗ w5 w6 crashed 3 times: exit 2: panic: boom", "✓ w5 ready in 10ms"},
		},
		{
			"a loop",
			[]cluster.EventData{cluster.CrashLoop{Worker: 5, Crashes: 5, WindowMS: 10_000}},
			[]string{"✗ w5 crash loop: 5 crashes in 10s, given up; x starts it again"},
		},
		{
			"loops of many",
			[]cluster.EventData{crash(1), loop(1), crash(2), loop(2), crash(3), loop(3)},
			[]string{"✗ w1–w3 crash loops, given up; x starts the selected one again", "✗ w1–w3 crashed 3 times: exit 2: panic: boom"},
		},
		{
			"a failed roll",
			[]cluster.EventData{cluster.ReloadFailed{Generation: 4, Why: "w1 did not come up"}},
			[]string{"✗ gen 4 not rolled: w1 did not come up"},
		},
		{"a log line is no event", []cluster.EventData{cluster.Log{Worker: 1, Line: "hello"}}, nil},
		{
			"foreign bytes",
			[]cluster.EventData{cluster.Warning{Text: "a\x1b[2Jb\nc\x07d\xffe \u202eflip"}},
			[]string{"▲ ab c·d\ufffde ·flip"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, feedText(Options{}, c.data...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFeedKeepsTheLatest(t *testing.T) {
	md := testModel(newFakeMaster(fixture()), Options{})
	for i := range keptEntries + 50 {
		md.feed.add(md.pen, cluster.Event{Time: clock, Data: cluster.Warning{Text: fmt.Sprint("no. ", i)}})
	}
	if n := len(md.feed.entries); n != keptEntries {
		t.Errorf("%d entries are kept", n)
	}
	if got := md.feed.entries[0].note.text; got != fmt.Sprint("no. ", keptEntries+49) {
		t.Errorf("the newest is %q", got)
	}
}

func TestMissedEventsAreSaid(t *testing.T) {
	md := testModel(newFakeMaster(fixture()), Options{})
	md.resize(120, 36)
	md.learn(eventsMsg{missed: 1200})
	if !strings.Contains(screenText(md), "1,200 events missed") {
		t.Error("the screen does not say that events were missed")
	}
}

// What workers, programs and files are called comes from elsewhere: it must not
// reach the terminal as control sequences, nor spoil the frame.
func TestForeignBytes(t *testing.T) {
	evil := "\x1b]0;title\x07\x1b[31;5mred\x1b[2J\x1b[10;10H\r\n\tx\x00\x9b31m\u202e\u200d\xff\xfe漢字🙂e\u0301"
	s := fixture()
	s.Command, s.Addrs = evil, []string{evil, "[::1]:80"}
	for i := range s.Workers {
		s.Workers[i].Note = evil
	}
	for _, o := range []Options{{}, {ASCII: true}} {
		md := testModel(newFakeMaster(s), o,
			cluster.Event{Time: clock, Data: cluster.WorkerExited{Worker: 1, Reason: evil}},
			cluster.Event{Time: clock, Data: cluster.Warning{Text: evil}},
			cluster.Event{Time: clock, Data: cluster.PortOpened{Addr: evil}})
		md.report(resultMsg{err: fmt.Errorf("%s", evil)})
		for _, size := range [][2]int{{200, 60}, {120, 36}, {80, 24}, {40, 10}, {20, 5}} {
			md.resize(size[0], size[1])
			frame := screenText(md)
			checkFrame(t, frame, size[0], size[1])
			for _, r := range strings.ReplaceAll(ansi.Strip(frame), "\n", "") {
				if r < ' ' || r > '~' && r < '\u00a0' || r == '\u202e' || r == '\u200d' || o.ASCII && r > '~' {
					t.Errorf("%dx%d: the frame holds %q", size[0], size[1], r)
				}
			}
			if strings.Contains(frame, "\x1b[2J") || strings.Contains(frame, "\x1b]") || strings.Contains(frame, "\x1b[31") {
				t.Errorf("%dx%d: a foreign sequence came through", size[0], size[1])
			}
		}
	}
}

// However many workers a line is about, it says what happened to them.
func TestNamesLeaveRoomForWhatHappened(t *testing.T) {
	var events []cluster.Event
	for slot := 1; slot <= 64; slot += 3 {
		events = append(events, cluster.Event{Time: clock, Data: cluster.WorkerExited{Worker: slot, Reason: "exit 2: panic: boom"}})
	}
	md := testModel(newFakeMaster(fixture()), Options{}, events...)
	for width, want := range map[int]string{
		120: "w1 w4 w7 w10 w13 w16 w19 w22 w25 +13 crashed 22 times: exit 2: panic: boom",
		76:  "w1 w4 w7 w10 w13 +17 crashed 22 times: exit 2: panic: boom",
		40:  "w1 w4 +20 crashed 22 times",
	} {
		if line := stripped(feedLines(md.view(), width, 1)[0]); !strings.Contains(line, want) {
			t.Errorf("%d cells: %q, want %q", width, line, want)
		}
	}
}
