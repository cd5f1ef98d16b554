package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// Job is a command that builds.
type Job struct {
	Argv []string
	// Dir is where it runs, and Env its whole environment; nil means this
	// process's.
	Dir string
	Env []string
}

// Result is how a Job ended.
type Result struct {
	// Output is what it wrote, stdout and stderr as they came, at most the last
	// 64 KB.
	Output string
	// Err is nil if it succeeded, that of its context if it was cancelled, an
	// exec.ExitError if it failed, or why it could not be started.
	Err error
	// Took is from start to end.
	Took time.Duration
}

// lingering is how long a process outside the group, as a build server's, may
// hold on to the output of a build that has ended.
const lingering = 500 * time.Millisecond

// Run runs a job until it ends or ctx does. When it returns, no process of the
// job's group is left.
func Run(ctx context.Context, job Job) Result {
	// On Linux the job is killed when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin := time.Now()
	var out tail
	cmd := exec.CommandContext(ctx, job.Argv[0], job.Argv[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = job.Dir, job.Env, &out, &out
	cmd.WaitDelay = lingering
	isolate(cmd)
	err := cmd.Start()
	if err == nil {
		err = waitGroup(cmd)
	} else if _, gone := os.Stat(job.Dir); job.Dir != "" && gone != nil {
		err = fmt.Errorf("run the build: %w", gone) // the system says that of the program
	}
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, exec.ErrWaitDelay): // it succeeded
		err = nil
	}
	return Result{Output: out.String(), Err: err, Took: time.Since(begin)}
}
