package cluster

import (
	"os"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/proc"
)

// start says how to start one worker's process.
type start struct {
	path string
	argv []string
	env  []string
	dir  string
	// adopt asks for adoption, answered by host.
	adopt bool
	host  adopt.Host
	unix  *adopt.UnixSockets // of all workers
	// listener is passed to a worker that is not adopted; nil if there is none.
	listener *os.File
	out      *output
	// failed is called, from another goroutine, if the program could not be
	// executed. The process ends by itself then.
	failed func(error)
}

// process is a worker's process; *proc.Process is the real one.
type process interface {
	Signal(name string) error
	Kill() error
	Exited() <-chan struct{}
	Exit() proc.Exit
	Gone() <-chan struct{}
}

// launcher starts processes. Tests have one that starts none.
type launcher interface {
	launch(start) (pid int, p process, err error)
	// follow is told which processes there are in the workers' trees, by pid of
	// the worker.
	follow(trees map[int][]int)
	close()
}

// spawner is the launcher of real processes.
type spawner struct{ *proc.Spawner }

func (s spawner) close() { s.Close() }

func (s spawner) follow(trees map[int][]int) { s.Follow(trees) }

func (s spawner) launch(st start) (int, process, error) {
	stdout, stderr, err := st.out.pipes()
	if err != nil {
		if st.listener != nil {
			_ = st.listener.Close()
		}
		return 0, nil, err
	}
	defer func() {
		_ = stdout.Close()
		_ = stderr.Close()
	}()
	l, err := adopt.NewLaunch(st.path, st.argv, st.adopt, st.listener)
	if err != nil {
		return 0, nil, err
	}
	p, err := s.Start(proc.Spec{
		Path: l.Path, Args: l.Args, Env: st.env, Dir: st.dir,
		Stdout: stdout, Stderr: stderr, Extra: l.Extra,
	})
	if err != nil {
		l.Abandon()
		return 0, nil, err
	}
	l.Started()
	go func() { // ends when no process of the worker is left
		if err := l.Serve(st.host, st.unix); err != nil {
			st.failed(err)
		}
	}()
	return p.PID, p, nil
}
