//go:build unix

package watch

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// git runs git in the rig's directory.
func (r *rig) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// TestCheckoutIsBuiltOnce: a checkout of 1,000 files is one build as it is told,
// and the compiler is started twice at most.
func TestCheckoutIsBuiltOnce(t *testing.T) {
	const n = 1000
	r := newRig(t, "go.mod", module, "main.go", "package main\n\nvar sum int\n\nfunc main() { println(sum) }\n")
	r.git("init", "-q", "-b", "main")
	for _, branch := range []int{1, 2} {
		for i := range n {
			r.put(fmt.Sprintf("f%04d.go", i), fmt.Sprintf("package main\n\nfunc init() { sum += %d }\n", branch))
		}
		r.git("add", ".")
		r.git("commit", "-q", "-m", "x")
		r.git("branch", fmt.Sprint("to", branch))
	}
	b := countBuilds(t)
	r.start(Options{}, ".")
	r.built("2000")
	r.watching()
	b.count()
	for sum, branch := range []string{"to1", "to2"} {
		r.git("checkout", "-q", branch)
		if cause := r.built(fmt.Sprint((sum + 1) * n)).Cause; len(cause) != n {
			t.Errorf("built for %d files", len(cause))
		}
		if started := b.count(); started > 2 {
			t.Errorf("%d builds for a checkout", started)
		}
	}
	r.put("main.go", "package main\n\nvar sum int\n\nfunc main() { println(-sum) }\n")
	r.seen = nil
	if cause := r.built("-2000").Cause; !slices.Equal(cause, []string{"main.go"}) {
		t.Errorf("built for %d files", len(cause))
	}
}
