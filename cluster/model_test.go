package cluster

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gcl-tui/cluster/internal/proc"
)

// TestAnythingInAnyOrder has everything that can happen to a cluster happen in
// orders made up by chance. Whatever it was, when the trouble is over each slot
// has one worker, of the generation that serves, and nothing is on its way.
func TestAnythingInAnyOrder(t *testing.T) {
	for seed := range uint64(modelRuns) {
		chance := rand.New(rand.NewPCG(seed, 1))
		opts := Options{
			Workers: 1 + chance.IntN(3), StopFirst: chance.IntN(3) == 0,
			Ready: Ready{Kind: ReadyDelay, Delay: time.Duration(1+chance.IntN(20)) * 100 * time.Millisecond},
		}
		m := &model{chance: chance, program: 1}
		ok := t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inBubble(t, opts, func(r *rig) {
				m.rig = r
				m.play(6 + chance.IntN(12))
			})
		})
		if !ok {
			t.Logf("seed %d, %d workers, stop first %v:\n%s", seed, opts.Workers, opts.StopFirst, strings.Join(m.story, "\n"))
		}
	}
}

const modelRuns = 40

// model plays one story.
type model struct {
	*rig
	chance  *rand.Rand
	program int // the newest
	story   []string
}

func (m *model) play(acts int) {
	for range acts {
		m.pass(time.Duration(m.chance.IntN(25)) * 100 * time.Millisecond)
		m.act()
		m.never()
	}
	m.fake.obedient()
	m.fake.set(func(f *fakeLauncher) { f.fail = nil })
	m.pass(40 * time.Second)
	m.atRest()
}

// act does one thing; what is refused is none of the story.
func (m *model) act() {
	slot := 1 + m.chance.IntN(4)
	told := ""
	var err error
	switch m.chance.IntN(17) {
	case 0, 1:
		m.program++
		told, err = fmt.Sprint("change to ", m.program), m.rolls(m.program, false)
	case 2:
		p := 1 + m.chance.IntN(m.program)
		told, err = fmt.Sprint("change back to ", p), m.rolls(p, false)
	case 3:
		p := 1 + m.chance.IntN(m.program)
		told, err = fmt.Sprint("retry ", p), m.rolls(p, true)
	case 4:
		told, err = "roll back", m.RollBack("you")
	case 5:
		told, err = "reload", m.Reload("you")
	case 6:
		told, err = fmt.Sprint("scale to ", slot), m.Scale(slot, "you")
	case 7:
		told, err = fmt.Sprint("restart ", slot), m.Restart(slot)
	case 8:
		told, err = fmt.Sprint("stop ", slot), m.StopWorker(slot)
	case 9:
		told, err = fmt.Sprint("start ", slot), m.StartWorker(slot)
	case 10:
		told, err = fmt.Sprint("kill ", slot), m.Kill(slot)
	case 11, 12, 13:
		told, err = m.some("crashes", m.crash)
	case 14:
		told = m.doom()
	case 15:
		if told = "launching works"; m.chance.IntN(2) == 0 {
			told = "launching fails"
		}
		m.fake.set(func(f *fakeLauncher) {
			f.fail = nil
			if told == "launching fails" {
				f.fail = errors.New("out of processes")
			}
			f.deaf = m.chance.IntN(3) == 0
		})
	case 16:
		told, err = m.some("goes deaf", m.disobey)
	}
	m.story = append(m.story, fmt.Sprintf("%v: %s: %v", time.Since(m.Snapshot().Started), told, err))
}

// doom has new processes crash after a while, or no more.
func (m *model) doom() string {
	after := time.Duration(m.chance.IntN(25)) * 100 * time.Millisecond
	doomed := m.chance.IntN(3) > 0
	m.fake.set(func(f *fakeLauncher) {
		f.dying = nil
		if doomed {
			f.dying = func(p *fakeProcess) {
				time.AfterFunc(after, func() { p.end(proc.Exit{Code: 1}) })
			}
		}
	})
	if !doomed {
		return "new ones live"
	}
	return fmt.Sprint("new ones crash after ", after)
}

func (m *model) rolls(program int, retry bool) error {
	path := []string{"/bin/sh", "/bin/ls", "/bin/cat", "/bin/true", "/bin/mv", "/bin/cp", "/bin/rm", "/bin/ln", "/bin/pwd", "/bin/echo"}[program%10]
	return m.RollOut(Program{Path: path, Argv: []string{fmt.Sprint(program)}, Retry: retry}, "main.go")
}

// some has one of the processes that live do something.
func (m *model) some(what string, do func(pid int)) (string, error) {
	var pids []int
	for _, w := range m.Snapshot().Workers {
		if w.PID != 0 {
			pids = append(pids, w.PID)
		}
	}
	if len(pids) == 0 {
		return what, errors.New("nobody does")
	}
	pid := pids[m.chance.IntN(len(pids))]
	do(pid)
	return fmt.Sprint(pid, " ", what), nil
}

// never wants that only workers of the generation that serves have requests.
func (m *model) never() {
	m.t.Helper()
	m.do(m.ask(func(o *owner) {
		for _, w := range o.all() {
			if w.backend.IsReady() && !w.gen.is(o.serving) {
				m.t.Errorf("pid %d of generation %d has requests, %d serves", w.pid, w.gen.num, o.serving.num)
			}
		}
		for _, s := range o.slots {
			if live := slices.DeleteFunc(s.workers(), func(w *worker) bool { return !w.live() }); o.opts.StopFirst && len(live) > 1 {
				m.t.Errorf("w%d has %d processes at once", s.num, len(live))
			}
		}
	}))
}

// atRest wants that nothing is left of the trouble.
func (m *model) atRest() {
	m.t.Helper()
	m.never()
	m.do(m.ask(func(o *owner) {
		if o.rollout != nil || o.roll != nil {
			m.t.Errorf("rollout %+v, roll %+v go on", o.rollout, o.roll)
		}
		if len(o.slots) != o.want {
			m.t.Errorf("%d slots, want %d", len(o.slots), o.want)
		}
		for _, s := range o.slots {
			m.slotAtRest(o, s)
		}
	}))
	m.endsTold()
	live := 0
	for _, p := range m.fake.started() {
		select {
		case <-p.exited:
		default:
			live++
		}
	}
	for _, w := range m.Snapshot().Workers {
		if w.PID != 0 {
			live--
		}
	}
	if live != 0 {
		m.t.Errorf("%d processes more than workers", live)
	}
}

// endsTold wants an end told of each reload, and one only.
func (m *model) endsTold() {
	m.t.Helper()
	open := 0 // the generation on its way, 0 if there is none
	for {
		b, wake, err := m.sub.take()
		if err != nil || wake != nil {
			break
		}
		for _, e := range b.Events {
			ended := 0
			switch d := e.Data.(type) {
			case ReloadStarted:
				if open != 0 {
					m.t.Errorf("a reload of %d has started while that of %d goes on", d.Generation, open)
				}
				open = d.Generation
			case ReloadDone:
				ended = d.Generation
			case ReloadFailed:
				ended = d.Generation
			}
			if ended != 0 && ended != open {
				m.t.Errorf("the end of a reload of %d is told, that of %d went on", ended, open)
			}
			if ended != 0 {
				open = 0
			}
		}
	}
	if open != 0 {
		m.t.Errorf("nothing was told of the end of the reload of %d", open)
	}
}

func (m *model) slotAtRest(o *owner, s *slot) {
	m.t.Helper()
	if s.leaving || s.timer != nil || s.next != nil || len(s.old) > 0 {
		m.t.Errorf("w%d leaving %v timer %v next %v old %v", s.num, s.leaving, s.timer != nil, s.next, s.old)
	}
	if (s.stopped || s.failed) != (s.cur == nil) {
		m.t.Errorf("w%d stopped %v failed %v, has %v", s.num, s.stopped, s.failed, s.cur != nil)
	}
	if w := s.cur; w != nil && (w.state != StateReady || !w.gen.is(o.serving) || !w.backend.IsReady()) {
		m.t.Errorf("w%d %s of generation %d, %d serves", s.num, w.state, w.gen.num, o.serving.num)
	}
}
