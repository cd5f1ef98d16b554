package cli

import (
	"strings"
	"testing"
)

func TestThroughEnv(t *testing.T) {
	for _, c := range []struct{ argv, vars, command string }{
		{"./server -v A=1", "", "./server -v A=1"},
		{"env A=1 B= go run .", "A=1 B=", "go run ."},
		{"/usr/bin/env A=1 ./server B=2", "A=1", "./server B=2"},
		{"env ./server", "", "./server"},
		{"env -i A=1 ./server", "", "env -i A=1 ./server"},
		{"env A=1 -u B ./server", "", "env A=1 -u B ./server"},
		{"env PATH=/bin server", "", "env PATH=/bin server"},
		{"env A=1", "", "env A=1"},
		{"env", "", "env"},
		{"./environment A=1 x", "", "./environment A=1 x"},
	} {
		vars, command := throughEnv(strings.Fields(c.argv))
		if got := strings.Join(vars, " "); got != c.vars {
			t.Errorf("%s: the variables are %q, want %q", c.argv, got, c.vars)
		}
		if got := strings.Join(command, " "); got != c.command {
			t.Errorf("%s: the command is %q, want %q", c.argv, got, c.command)
		}
	}
}
