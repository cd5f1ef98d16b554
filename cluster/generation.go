package cluster

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// Program is what the workers run.
type Program struct {
	// Path is the executable, as a path or a name on PATH.
	Path string
	// Argv is what it is given, with its own name first.
	Argv []string
	// BuildTime is how long it took to build, 0 if it was not built.
	BuildTime time.Duration
	// InPlace says that the file may be overwritten. If it may not, the same path
	// is the same program.
	InPlace bool
	// Retry has it rolled out although it has failed, or was rolled back, before.
	Retry bool
}

// rejected is a program that was not to be: its rollout failed, or was rolled
// back. The zero value is none.
type rejected struct {
	path, why string
	said      []string // what its worker said last
}

// generation is one state of the program. It is immutable; two of the same
// number differ in the environment only.
type generation struct {
	num  int
	path string
	argv []string
	env  []string
	file os.FileInfo // of path when it was to run; nil if that was not to be had
}

// generation returns the next one.
func (h *history) generation(path string, argv, env []string) *generation {
	file, _ := os.Stat(path) // if it is not there, the workers say so
	return &generation{num: h.next(), path: path, argv: argv, env: env, file: file}
}

// overwritten says whether the file of a generation is another by now.
func (g *generation) overwritten() bool {
	if g.file == nil {
		return false
	}
	now, err := os.Stat(g.path)
	return err != nil || !os.SameFile(g.file, now) ||
		now.Size() != g.file.Size() || !now.ModTime().Equal(g.file.ModTime())
}

// alike says whether two generations are started in the same way. If they are not
// the same one, they run in place: whichever is started, it is of the files as they
// are now, since nobody keeps what they were.
func (g *generation) alike(other *generation) bool {
	return g.path == other.path && slices.Equal(g.argv, other.argv)
}

// number returns a generation's number, 0 if there is none.
func (g *generation) number() int {
	if g == nil {
		return 0
	}
	return g.num
}

// is says whether two are the same generation.
func (g *generation) is(other *generation) bool { return g.number() == other.number() }

// served is since when a generation has been serving. The zero value is none.
type served struct {
	num   int
	since time.Time
}

// note takes note that a generation serves from now on, if it did not before.
func (s *served) note(g *generation) {
	if s.num != g.num {
		*s = served{g.num, time.Now()}
	}
}

// by returns since when g has been serving, zero if it has not yet.
func (s *served) by(g *generation) time.Time {
	if s.num != g.number() {
		return time.Time{}
	}
	return s.since
}

// runs says whether a generation is that of a program.
func (g *generation) runs(p Program) bool {
	return g != nil && g.path == p.Path && slices.Equal(g.argv, p.Argv)
}

// keptGenerations is how many generations before the present one can be gone
// back to.
const keptGenerations = 2

// history is the generations that have served before the present one, oldest
// first. The owner alone touches it.
type history struct {
	past []*generation
	last int // number given last
}

// next returns the number of a new generation.
func (h *history) next() int {
	h.last++
	return h.last
}

// replaced adds a generation that has been replaced by another, unless that leaves
// nothing of it.
func (h *history) replaced(g, by *generation) {
	if !g.alike(by) {
		h.push(g)
	}
}

// push adds a generation.
func (h *history) push(g *generation) {
	h.past = append(slices.Clone(h.past), g)
	h.past = h.past[max(0, len(h.past)-keptGenerations):]
}

// pop takes the latest out.
func (h *history) pop() (*generation, error) {
	if len(h.past) == 0 {
		return nil, errors.New("there is no generation before this one to go back to")
	}
	g := h.past[len(h.past)-1]
	h.past = h.past[:len(h.past)-1]
	if g.overwritten() {
		return nil, fmt.Errorf("generation %d cannot be gone back to: %s is another file by now", g.num, g.path)
	}
	return g, nil
}

// previous returns the number of the latest, 0 if there is none.
func (h *history) previous() int {
	if len(h.past) == 0 {
		return 0
	}
	return h.past[len(h.past)-1].num
}

// programs returns the executables that may be started again.
func (o *owner) programs() []string {
	all := slices.Clone(o.history.past)
	if o.serving != nil {
		all = append(all, o.serving)
	}
	if o.rollout != nil {
		all = append(all, o.rollout.from, o.rollout.to)
	}
	var paths []string
	for _, g := range all {
		paths = append(paths, g.path)
	}
	return paths
}

// warnSetuid says that a set-uid program loses its privilege: a process with a
// seccomp filter of its own cannot gain any (prctl(2), PR_SET_NO_NEW_PRIVS).
func (o *owner) warnSetuid(path string) {
	info, err := os.Stat(path)
	if err != nil || !o.adopting || info.Mode()&(os.ModeSetuid|os.ModeSetgid) == 0 {
		return
	}
	o.emit(LevelWarn, Warning{Text: path + " is set-uid, which has no effect on workers that share ports by adoption"})
}
