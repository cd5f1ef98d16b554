package ui

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// maxCommand is how much of the command the header shows.
const maxCommand = 40

// header says what runs, where, and how it is: one line.
func header(v *view, _ form, r rect) []string {
	left := []draw.Chunk{draw.Of(8, v.Title, "gcl-tui")}
	if name := v.app(); name != "" {
		left = append(left, draw.Of(4, v.Strong, draw.Cut(v.Clean(name), maxCommand, v.Ellipsis)))
	}
	if addrs := v.addrs(); addrs != "" {
		left = append(left, draw.Of(3, draw.Plain, addrs))
	}
	left = append(left, v.readiness()...)
	if v.snap.Generation > 0 && v.rolling.from == 0 {
		left = append(left, v.figure(5, "gen", tonePlain, draw.Count(v.snap.Generation)))
	}
	left = append(left, v.sourceChunks()...)
	if !v.snap.Started.IsZero() {
		left = append(left, v.figure(6, "up", tonePlain, draw.Age(v.now.Sub(v.snap.Started))))
	}
	l := v.Line(r.w).Space(1)
	l.Raw(v.Bar(max(0, r.w-2), left, v.headerRight()), max(0, r.w-2))
	return []string{l.String()}
}

// app says what runs: the command, of which the
// directory of an executable elsewhere says little and takes much.
func (v *view) app() string {
	name, args, _ := strings.Cut(v.snap.Command, " ")
	if filepath.IsAbs(name) {
		name = filepath.Base(name)
	}
	return strings.TrimSpace(name + " " + args)
}

func (v *view) headerRight() []draw.Chunk {
	var right []draw.Chunk
	right = append(right, v.staleChunks()...)
	if s := v.snap.Self; s.CPU >= 0 && !v.snap.Time.IsZero() {
		right = append(right, draw.Chunk{Rank: 7, Spans: []draw.Span{
			v.muted("self "), plain(draw.Percent1(s.CPU) + "%"), v.muted(" " + draw.Bytes(s.RSS)),
		}})
	}
	return append(right, draw.Of(5, v.Muted, v.now.Format(time.TimeOnly)))
}

// staleChunks warns of figures that are not of now.
func (v *view) staleChunks() []draw.Chunk {
	if age := v.age(); age > 0 {
		return []draw.Chunk{draw.Of(1, v.Warn, v.Warning+" data "+draw.Age(age)+" old")}
	}
	return nil
}

// addrs returns the public addresses, a wildcard host left out.
func (v *view) addrs() string {
	const shown = 3
	var out []string
	for _, a := range v.snap.Addrs {
		host, port, err := net.SplitHostPort(a)
		if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
			a = ":" + port
		}
		out = append(out, v.Clean(a))
	}
	if n := len(out) - shown; n > 0 {
		out = append(out[:shown], fmt.Sprintf("+%d", n))
	}
	return strings.Join(out, " ")
}

// readiness says how many workers are ready, and what the others are at.
func (v *view) readiness() []draw.Chunk {
	if v.stopping {
		return []draw.Chunk{draw.Of(0, v.Warn, v.Stopping+" stopping, "+amount(v.processes(), "worker")+" left")}
	}
	chunks := []draw.Chunk{v.readyChunk()}
	if v.rolling.on {
		text := v.Cycle + " " + v.rolling.title(v.Arrow)
		if v.rolling.of > 0 {
			text += fmt.Sprintf(" %d/%d", v.rolling.done, v.rolling.of)
		}
		chunks = append(chunks, draw.Of(1, v.Accent, text))
	}
	for _, s := range stateOrder {
		n := v.count(s)
		if n == 0 {
			continue
		}
		look, rank := lookOf(s), 2
		if look.tone >= toneWarn {
			rank = 1
		}
		text := fmt.Sprintf("%s %d %s", look.glyph(v.Glyphs), n, s)
		chunks = append(chunks, draw.Of(rank, look.tone.style(v.Pen), text))
	}
	return chunks
}

func (v *view) readyChunk() draw.Chunk {
	ready, want := v.ready(), v.snap.Want
	text := fmt.Sprintf("%d/%d ready", ready, want)
	switch {
	case ready >= want:
		return draw.Of(0, v.Good, v.Ready+" "+text)
	case ready == 0 && v.count(cluster.StateStarting) == 0 && !v.expecting():
		return draw.Of(0, v.Alarm, v.Failed+" "+text)
	case ready == 0:
		return draw.Of(0, v.Accent, v.Starting+" "+text)
	}
	return draw.Of(0, v.Warn, v.Draining+" "+text)
}

// expecting says whether workers are to come although none starts yet: their
// program is being built, or those before them must end first.
func (v *view) expecting() bool {
	src := v.snap.Source
	return v.snap.Reloading || v.snap.Generation == 0 && (len(src.Problems) == 0 || !src.Building.IsZero())
}

// processes returns how many workers have a process.
func (v *view) processes() int {
	n := 0
	for _, w := range v.snap.Workers {
		if w.PID != 0 {
			n++
		}
	}
	return n
}
