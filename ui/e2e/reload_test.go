//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReloadOnSave saves three versions under visitors of both kinds.
func TestReloadOnSave(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	h := startHeadless(t, nil, "-n", "2", a.dir)
	h.awaitReady(2)
	keeping, leaving := a.visit(3, true), a.visit(1, false)
	for version := 2; version <= 4; version++ {
		a.save(version, "")
		if e := h.awaitEvent("watch_changed"); len(e.Paths) != 1 || filepath.Base(e.Paths[0]) != "main.go" {
			t.Errorf("changed: %q", e.Paths)
		}
		if e := h.awaitEvent("reload_done"); e.Failed != 0 || e.Gen != version {
			t.Errorf("%+v", e)
		}
		a.answers(version)
	}
	keeping.leave(4)
	leaving.leave(4)
}

// TestCommandBehindEnv is built and watched as without, with the variables.
func TestCommandBehindEnv(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.write("red.go", "//go:build red\n\npackage main\n\nfunc init() { println(\"the tag is set\") }\n")
	h := startHeadless(t, []string{"COLOUR=blue"}, "-n", "1", "-e", "COLOUR=green", "env", "COLOUR=red", "GOFLAGS=-tags=red", "go", "run", a.dir)
	h.awaitLog("the tag is set")
	h.awaitReady(1)
	if _, body := get(t, a.url()); body != "1 red" {
		t.Errorf("answered %q", body)
	}
	a.save(2, "")
	h.awaitEvent("reload_done")
	if _, body := get(t, a.url()); body != "2 red" {
		t.Errorf("answered %q", body)
	}
}

// TestBuildErrorIsTold and its correction, which is what runs already.
func TestBuildErrorIsTold(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	h := startHeadless(t, nil, "-n", "1", a.dir)
	h.awaitReady(1)
	a.save(2, "undefined()")
	e := h.awaitEvent("build_failed")
	if len(e.Errors) != 1 || filepath.Base(e.Errors[0].File) != "main.go" || e.Errors[0].Line != 11 || e.Errors[0].Col != 2 ||
		e.Errors[0].Text != "undefined: undefined" {
		t.Errorf("errors: %+v", e.Errors)
	}
	a.answers(1)
	a.save(1, "")
	if e := h.awaitEvent("build_done"); e.Gen != 1 {
		t.Errorf("%+v", e)
	}
	a.save(3, "")
	h.awaitEvent("reload_done")
	a.answers(3)
}

// TestCanaryThatFails: the old code goes on answering, under visitors.
func TestCanaryThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, why string }{
		"at once": {`os.Exit(3)`, "exit 3"},
		"panic":   {`panic("at once")`, "/main.go:11)"},
		"soon":    {`go os.Exit(3)`, "exit 3"},
		// The others must be ready in that time, however busy the machine is.
		"never ready": {`select {}`, "not ready within 10s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t)
			h := startHeadless(t, nil, "-n", "2", "--ready-timeout", "10s", a.dir)
			h.awaitReady(2)
			v := a.visit(2, true)
			a.save(2, c.body)
			if e := h.awaitEvent("reload_failed"); e.Gen != 2 || !strings.Contains(e.Why, c.why) {
				t.Errorf("%+v", e)
			}
			a.save(3, "")
			h.awaitEvent("reload_done")
			if name == "soon" { // it may have answered before it ended
				v.unharmed(3)
				return
			}
			v.leave(3)
		})
	}
}

// TestNewCodeThatFailsLater, once it has proved itself, is restarted like any
// other.
func TestNewCodeThatFailsLater(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	h := startHeadless(t, nil, "-n", "2", a.dir)
	h.awaitReady(2)
	a.save(2, `http.HandleFunc("/end", func(http.ResponseWriter, *http.Request) { os.Exit(3) })`)
	h.awaitEvent("reload_done")
	get(t, a.url()+"end")
	if e := h.awaitEvent("worker_exited"); e.Code != 3 || e.Gen != 2 {
		t.Errorf("%+v", e)
	}
	if e := h.awaitEvent("worker_ready"); e.Gen != 2 {
		t.Errorf("%+v", e)
	}
	a.answers(2)
}

// TestReloadOfABinary: the user's file is left as it is.
func TestReloadOfABinary(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	binary := filepath.Join(a.dir, "server")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = a.dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	before, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	h := startHeadless(t, nil, "-n", "1", binary)
	h.awaitReady(1)
	a.save(2, "")
	h.awaitEvent("reload_done")
	a.answers(2)
	if after, err := os.ReadFile(binary); err != nil || string(after) != string(before) {
		t.Errorf("the user's binary was changed: %v", err)
	}
}

// pythonApp answers with a version from a module beside it.
const pythonApp = `
import http.server, version
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        b = b"%d " % version.number
        self.send_response(200); self.send_header("Content-Length", str(len(b))); self.end_headers(); self.wfile.write(b)
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", PORT), H).serve_forever()
`

// TestReloadOfAScript changes a module that the script imports.
func TestReloadOfAScript(t *testing.T) {
	t.Parallel()
	a := &app{t: t, dir: t.TempDir(), port: freePort(t)}
	a.write("app.py", strings.ReplaceAll(pythonApp, "PORT", a.port))
	a.write("version.py", "number = 1\n")
	// The screen says when the files are watched, which begins beside the workers.
	term := startTerminal(t, 120, 24, []string{"PYTHONDONTWRITEBYTECODE=1"}, "-n", "2", "python3", filepath.Join(a.dir, "app.py"))
	term.await(`2/2 ready`, `watching`)
	v := a.visit(2, true)
	a.write("version.py", "number = 2\n")
	term.await(`gen 2 rolled in .* 0 failed`)
	v.leave(2)
}

// TestReloadRestart has a program of which only one may run at a time. Requests
// are held in between.
func TestReloadRestart(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	alone := `if _, err := os.OpenFile("` + a.dir + `/lock", os.O_CREATE|os.O_EXCL, 0o600); err != nil { panic(err) }
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() { <-stop; os.Remove("` + a.dir + `/lock"); os.Exit(0) }()`
	save := func(version int) {
		source := strings.NewReplacer("VERSION", itoa(version), "BODY", alone, "PORT", a.port, `"os"`, "\"os\"\n\t\"os/signal\"\n\t\"syscall\"").Replace(appSource)
		a.write("main.go", source)
	}
	save(1)
	h := startHeadless(t, nil, "-n", "1", "--reload", "restart", a.dir)
	h.awaitReady(1)
	v := a.visit(2, true)
	save(2)
	if e := h.awaitEvent("reload_done"); e.Failed != 0 {
		t.Errorf("%+v", e)
	}
	v.leave(2)
}

// TestEnvFileIsReadAgain at a reload by signal and at one by a change.
func TestEnvFileIsReadAgain(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	file := filepath.Join(t.TempDir(), "env")
	colour := func(want string) {
		t.Helper()
		if _, body := get(t, a.url()); !strings.HasSuffix(body, " "+want) {
			t.Errorf("answered %q, want %s", body, want)
		}
	}
	set := func(value string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("COLOUR="+value+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set("red")
	h := startHeadless(t, nil, "-n", "1", "--env-file", file, a.dir)
	h.awaitReady(1)
	colour("red")
	set("green")
	h.signal(syscall.SIGUSR2)
	h.awaitEvent("reload_done")
	colour("green")
	set("blue")
	a.save(2, "")
	h.awaitEvent("reload_done")
	colour("blue")
}

// TestEnvFileThatCannotBeRead when new code is there: the old code goes on, and
// the screen says why until the file is right.
func TestEnvFileThatCannotBeRead(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	file := filepath.Join(t.TempDir(), "env")
	set := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set("COLOUR=red\n")
	term := startTerminal(t, 120, 24, nil, "-n", "1", "--env-file", file, a.dir)
	term.await(`1/1 ready`, `watching`)
	set("COLOUR\n")
	a.save(2, "")
	term.await(`STALE  gen 1 serves, not the newest: --env-file`, `no reload`)
	term.awaitGone(`building \d`)
	a.answers(1)
	set("COLOUR=blue\n")
	term.press("b")
	term.await(`gen 2 rolled in .* 0 failed`)
	term.awaitGone(`STALE`)
	a.answers(2)
}

// TestUnwatched builds once and then leaves changes alone.
func TestUnwatched(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	h := startHeadless(t, nil, "-n", "1", "--watch=false", a.dir)
	h.awaitReady(1)
	a.save(2, "")
	h.signal(syscall.SIGUSR2)
	h.awaitEvent("reload_done")
	a.answers(1)
}
