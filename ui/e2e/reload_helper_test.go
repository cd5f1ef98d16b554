//go:build linux

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// app is a Go program whose source a test changes. It answers each request with
// its version.
type app struct {
	t    *testing.T
	dir  string
	port string
}

// appSource is the program; what is between the marks is replaced.
const appSource = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	fmt.Println("version VERSION runs")
	BODY
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "VERSION "+os.Getenv("COLOUR"))
	})
	panic(http.ListenAndServe("127.0.0.1:PORT", nil))
}
`

// newApp writes the program's first version, which is 1.
func newApp(t *testing.T) *app {
	t.Helper()
	a := &app{t: t, dir: t.TempDir(), port: freePort(t)}
	a.write("go.mod", "module example.com/app\n\ngo 1.26\n")
	a.save(1, "")
	return a
}

// save writes a version of the program, with statements of its own at the start.
func (a *app) save(version int, body string) {
	a.t.Helper()
	a.write("main.go", strings.NewReplacer("VERSION", itoa(version), "BODY", body, "PORT", a.port).Replace(appSource))
}

// write replaces a file in one step, as editors do.
func (a *app) write(name, text string) {
	a.t.Helper()
	path := filepath.Join(a.dir, name)
	if err := os.WriteFile(path+"~", []byte(text), 0o644); err != nil {
		a.t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		a.t.Fatal(err)
	}
}

func (a *app) url() string { return "http://127.0.0.1:" + a.port + "/" }

// answers fails the test unless the program answers with a version.
func (a *app) answers(version int) {
	a.t.Helper()
	if _, body := get(a.t, a.url()); !strings.HasPrefix(body, itoa(version)+" ") {
		a.t.Errorf("answered %q, want version %d", body, version)
	}
}

// visit is one request of a visitor.
type visit struct {
	began, ended time.Time
	version      int
}

// visitors ask for the program all the time, each with a connection of its own
// that it keeps, or with a new one for each request.
type visitors struct {
	t    *testing.T
	stop func()
	done sync.WaitGroup
	came chan struct{} // holds a token after a visit

	mu     sync.Mutex
	visits []visit
	failed []error
}

// visit has n of them come until they leave or the test ends.
func (a *app) visit(n int, keepAlive bool) *visitors {
	ctx, stop := context.WithCancel(context.Background())
	v := &visitors{t: a.t, stop: stop, came: make(chan struct{}, 1)}
	a.t.Cleanup(func() {
		stop()
		v.done.Wait()
	})
	for range n {
		v.done.Go(func() {
			transport := &http.Transport{DisableKeepAlives: !keepAlive}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: deadline}
			for ctx.Err() == nil {
				v.once(client, a.url())
			}
		})
	}
	return v
}

func (v *visitors) once(client *http.Client, url string) {
	one := visit{began: time.Now()}
	var body []byte
	resp, err := client.Get(url)
	if err == nil {
		body, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	one.ended = time.Now()
	if err == nil {
		_, err = fmt.Sscanf(string(body), "%d ", &one.version)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	select {
	case v.came <- struct{}{}:
	default:
	}
	if err != nil {
		v.failed = append(v.failed, fmt.Errorf("%w (%q)", err, body))
		return
	}
	v.visits = append(v.visits, one)
}

// see waits until a version has answered. On a busy machine the visitors may have
// been away while it came.
func (v *visitors) see(version int) {
	v.t.Helper()
	answered := func() bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return slices.ContainsFunc(v.visits, func(one visit) bool { return one.version == version })
	}
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for !answered() {
		select {
		case <-v.came:
		case <-timeout.C:
			v.t.Errorf("no request was answered by version %d in %v", version, deadline)
			return
		}
	}
}

// unharmed ends the visits once the newest version was seen. None may have failed.
func (v *visitors) unharmed(newest int) {
	v.t.Helper()
	v.see(newest)
	v.stop()
	v.done.Wait()
	for _, err := range v.failed {
		v.t.Errorf("a request failed: %v", err)
	}
}

// leave is unharmed, and no request that began after the first answer of a version
// may have been answered by an older one.
func (v *visitors) leave(newest int) {
	v.t.Helper()
	v.unharmed(newest)
	first := map[int]time.Time{}
	for _, one := range v.visits {
		if at, seen := first[one.version]; !seen || one.ended.Before(at) {
			first[one.version] = one.ended
		}
	}
	for _, one := range v.visits {
		for version, at := range first {
			if version > one.version && one.began.After(at) {
				v.t.Errorf("version %d answered a request that began %v after the first answer of version %d",
					one.version, one.began.Sub(at), version)
			}
		}
	}
}
