//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
)

func quoted(texts []string) string {
	b, _ := json.Marshal(texts) // of strings: cannot fail
	return string(b)
}

// pageSource is a program whose pages a browser shows. What is in capitals is
// replaced.
const pageSource = `package main

import (
	"fmt"
	"net/http"
)

var posts int

func main() {
	BODY
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			posts++
		}
		w.Header().Set("ETag", "\"the same\"")
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(304)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!doctype html><title>app</title><h1>version VERSION</h1><p>%s, %d posts</p>"+
			"<form method=post action=/form><input name=a><button>send</button></form><div style=height:5000px></div>\n", r.Method, posts)
	})
	panic(http.ListenAndServe("127.0.0.1:PORT", nil))
}
`

// newPages writes the program's first version, with statements of its own at the
// start.
func newPages(t *testing.T, body string) *app {
	t.Helper()
	a := &app{t: t, dir: t.TempDir(), port: freePort(t)}
	a.write("go.mod", "module example.com/app\n\ngo 1.26\n")
	a.savePages(1, body)
	return a
}

func (a *app) savePages(version int, body string) {
	a.t.Helper()
	a.write("main.go", strings.NewReplacer("VERSION", itoa(version), "BODY", body, "PORT", a.port).Replace(pageSource))
}

// attend starts the program on a terminal: without one it gives up what cannot
// run, since nobody is there to mend it. When it returns, the port is open.
func (a *app) attend(args ...string) {
	a.t.Helper()
	// Whoever waits for a worker in vain does so until the test has failed.
	flags := append([]string{"-n", "2", "-p", "127.0.0.1:" + a.port, "--hold", "1h"}, args...)
	startTerminal(a.t, 120, 36, nil, append(flags, a.dir)...).await(":" + a.port)
}

// TestBuildErrorInBrowser: the first build fails, then fails differently, then
// does not. The page follows without any action, and keeps its URL.
func TestBuildErrorInBrowser(t *testing.T) {
	t.Parallel()
	a := newPages(t, "undefined()")
	a.attend()
	b := startBrowser(t)
	url := a.url() + "some/page?a=b#there"
	b.open(url)
	b.awaitText("main.go:11:2", "the build failed", "undefined: undefined", "11 | \tundefined()\n       | \t^")
	a.savePages(1, `var unused = "<b>"`)
	b.awaitText("declared and not used: unused")
	if got := b.value(`document.querySelector("mark").textContent`); !strings.HasSuffix(got, "| \tvar unused = \"<b>\"") {
		t.Errorf("marked: %q", got)
	}
	a.savePages(1, "")
	b.awaitText("version 1")
	if got := b.value("location.href"); got != url {
		t.Errorf("at %s, was at %s", got, url)
	}
}

// TestCrashLoopInBrowser shows the panic, then the app that is mended.
func TestCrashLoopInBrowser(t *testing.T) {
	t.Parallel()
	a := newPages(t, "var m map[string]int\n\tm[`<i>`] = 1")
	a.attend()
	b := startBrowser(t)
	b.open(a.url())
	b.awaitText("the app keeps crashing", "exit 2", "panic: assignment to entry in nil map", "main.main()", "12 | \tm[`<i>`] = 1")
	a.savePages(2, "")
	b.awaitText("version 2")
}

// TestFormIsNotSentAgain: a page that came in place of the answer to a form gives
// way to the app, which never hears of the form.
func TestFormIsNotSentAgain(t *testing.T) {
	t.Parallel()
	a := newPages(t, "undefined()")
	a.attend()
	b := startBrowser(t)
	b.open("about:blank")
	b.script(`document.body.innerHTML = "<form method=post action='` + a.url() + `form#there'><input name=a></form>"
		document.forms[0].submit()`)
	b.awaitText("undefined: undefined")
	a.savePages(1, "")
	b.awaitText("GET, 0 posts")
	if got := b.value("location.pathname"); got != "/form" {
		t.Errorf("at %s", got)
	}
}

// TestLiveReload saves with a page open, which is loaded again as by the browser's
// own button: the same URL, in the same place.
func TestLiveReload(t *testing.T) {
	t.Parallel()
	a := newPages(t, "")
	a.attend("--live-reload")
	b := startBrowser(t)
	url := a.url() + "some/page?a=b#there"
	b.open(url)
	b.awaitText("version 1")
	b.script("scrollTo(0, 1000)")
	length := b.value("String(history.length)")
	for version := 2; version <= 3; version++ {
		a.savePages(version, "")
		b.awaitText(fmt.Sprintf("version %d", version))
		b.await("scrollY === 1000") // else the next load would begin elsewhere
	}
	if got := b.value("location.href"); got != url {
		t.Errorf("at %s, was at %s", got, url)
	}
	if got := b.value("String(history.length)"); got != length {
		t.Errorf("%s entries in the history, were %s", got, length)
	}
	a.savePages(4, "undefined()") // changes nothing
	a.savePages(5, "")
	b.awaitText("version 5")
	if got := b.value(`String(document.querySelectorAll("script").length)`); got != "1" {
		t.Errorf("%s scripts", got)
	}
}

// TestPagesAreLeftAlone without --live-reload: they do not reload, and are byte by
// byte what the app gives.
func TestPagesAreLeftAlone(t *testing.T) {
	t.Parallel()
	a := newPages(t, "")
	h := startHeadless(t, nil, "-n", "1", a.dir)
	ready := h.awaitReady(1)
	b := startBrowser(t)
	b.open(a.url())
	b.awaitText("version 1")
	b.script("window.same = true")
	if public, own := rawPage(t, "127.0.0.1:"+a.port), rawPage(t, ready[0].Addr); public != own {
		t.Errorf("got\n%s\nthe app gave\n%s", public, own)
	}
	a.savePages(2, "")
	h.awaitEvent("reload_done")
	a.awaitVersion(2)
	if b.await("window.same"); !strings.Contains(b.text(), "version 1") {
		t.Errorf("the page is loaded again: %s", b.text())
	}
}

// awaitVersion fails unless the program's pages are of a version.
func (a *app) awaitVersion(version int) {
	a.t.Helper()
	if _, body := get(a.t, a.url()); !strings.Contains(body, fmt.Sprintf("version %d<", version)) {
		a.t.Errorf("got %q, want version %d", body, version)
	}
}

var dateField = regexp.MustCompile("\r\nDate: [^\r]*")

// rawPage asks as a browser does, and returns the response's bytes but for the
// date.
func rawPage(t *testing.T, addr string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n")
	all, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return dateField.ReplaceAllString(string(all), "")
}
