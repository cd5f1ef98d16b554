package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// measureReload compares how long it takes from a save to the first answer of
// the new code with how long go build takes for the same change, in turn; for a
// program of one module and of fifty. Then it saves under load.
func measureReload(ctx context.Context, b *bench) error {
	for _, modules := range []int{1, 50} {
		if err := b.reloads(ctx, modules); err != nil {
			return fmt.Errorf("%d modules: %w", modules, err)
		}
	}
	for _, keepAlive := range []bool{true, false} {
		if err := b.reloadsUnderLoad(ctx, keepAlive); err != nil {
			return fmt.Errorf("under load: %w", err)
		}
	}
	return nil
}

// reloads measures a program of so many modules.
func (b *bench) reloads(ctx context.Context, modules int) error {
	watched, err := newSource(modules)
	if err != nil {
		return err
	}
	defer watched.remove()
	alone, err := newSource(modules)
	if err != nil {
		return err
	}
	defer alone.remove()
	h, err := b.startSource(ctx, watched)
	if err != nil {
		return err
	}
	defer h.stop()
	var built, answered series
	for i := range b.runs {
		version := i + 2
		took, err := alone.build(ctx, version)
		if err != nil {
			return err
		}
		built = append(built, took)
		if took, err = watched.saveAndAsk(ctx, version); err != nil {
			return err
		}
		answered = append(answered, took)
		if _, err := h.count(ctx, "reload_done", 1); err != nil {
			return err
		}
	}
	name := strconv.Itoa(modules) + " modules"
	if modules == 1 {
		name = "1 module"
	}
	b.row("go build of a change, "+name, built)
	b.row("save, until the new code answers, "+name, answered)
	b.fact("  above go build", millis(answered.median()-built.median()))
	return nil
}

const (
	loadSaves   = 20
	loadClients = 32
	loadRate    = 4000 // requests a second, of all clients
)

// reloadsUnderLoad saves again and again while clients ask.
func (b *bench) reloadsUnderLoad(ctx context.Context, keepAlive bool) error {
	s, err := newSource(1)
	if err != nil {
		return err
	}
	defer s.remove()
	h, err := b.startSource(ctx, s)
	if err != nil {
		return err
	}
	defer h.stop()
	load := startLoad(s.url(), keepAlive)
	for version := 2; version < 2+loadSaves && err == nil; version++ {
		if err = s.save(version); err == nil {
			_, err = h.count(ctx, "reload_done", 1)
		}
	}
	asked, failed, rate := load.end()
	if err != nil {
		return err
	}
	kind := "keep-alive"
	if !keepAlive {
		kind = "a connection each"
	}
	b.fact(fmt.Sprintf("%d saves under %.0f requests/s, %s: failed", loadSaves, rate, kind), fmt.Sprintf("%d of %d", failed, asked))
	return nil
}

// startSource runs a program from its source, until it answers.
func (b *bench) startSource(ctx context.Context, s *goSource) (*headless, error) {
	cmd := exec.Command(b.program, "--headless", "--log", "json", "-n", "2", s.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	h := &headless{cmd: cmd, addr: s.addr, events: make(chan event, 4096), seen: map[string]int{}}
	go h.read(out)
	if _, err := h.count(ctx, "worker_ready", 2); err != nil {
		h.stop()
		return nil, err
	}
	return h, nil
}

// goSource is a Go program that answers with its version, in a directory of its
// own.
type goSource struct {
	dir, addr string
	modules   int
}

const sourceMain = `package main

import (
	"fmt"
	"net/http"
IMPORTS)

func main() {
USES	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, VERSION) })
	panic(http.ListenAndServe("ADDR", nil))
}
`

func newSource(modules int) (*goSource, error) {
	dir, err := os.MkdirTemp("", "figures-reload-")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	s := &goSource{dir: dir, addr: addr, modules: modules}
	mod := "module example.com/app\n\ngo 1.26\n"
	for i := 1; i < modules; i++ {
		mod += fmt.Sprintf("\nrequire example.com/m%d v0.0.0\n\nreplace example.com/m%d => ./m%d\n", i, i, i)
		err = s.write(fmt.Sprintf("m%d/go.mod", i), fmt.Sprintf("module example.com/m%d\n\ngo 1.26\n", i))
		if err == nil {
			err = s.write(fmt.Sprintf("m%d/m.go", i), fmt.Sprintf("package m%d\n\n// Use does nothing.\nfunc Use() {}\n", i))
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.write("go.mod", mod); err != nil {
		return nil, err
	}
	return s, s.save(1)
}

func (s *goSource) remove()     { _ = os.RemoveAll(s.dir) }
func (s *goSource) url() string { return "http://" + s.addr + "/" }

// write replaces a file in one step, as editors do.
func (s *goSource) write(name, text string) error {
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+"~", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+"~", path)
}

// save writes a version of the program.
func (s *goSource) save(version int) error {
	var imports, uses strings.Builder
	for i := 1; i < s.modules; i++ {
		fmt.Fprintf(&imports, "\t\"example.com/m%d\"\n", i)
		fmt.Fprintf(&uses, "\tm%d.Use()\n", i)
	}
	return s.write("main.go", strings.NewReplacer("IMPORTS", imports.String(), "USES", uses.String(),
		"VERSION", strconv.Itoa(version), "ADDR", s.addr).Replace(sourceMain))
}

// build saves a version and returns how long go build takes.
func (s *goSource) build(ctx context.Context, version int) (time.Duration, error) {
	if err := s.save(version); err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(s.dir, "app"), ".")
	cmd.Dir = s.dir
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return time.Since(began), nil
}

// saveAndAsk saves a version and returns how long it takes until it answers.
func (s *goSource) saveAndAsk(ctx context.Context, version int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.save(version); err != nil {
		return 0, err
	}
	began := time.Now()
	for ctx.Err() == nil {
		if got, err := ask(http.DefaultClient, s.url()); err == nil && got == strconv.Itoa(version) {
			return time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("version %d does not answer: %w", version, ctx.Err())
}

// ask returns the body of a good answer.
func ask(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %s", resp.Status)
	}
	return string(body), err
}

// load is clients that ask at a steady rate.
type load struct {
	began         time.Time
	stop          chan struct{}
	clients       sync.WaitGroup
	asked, failed atomic.Int64
}

func startLoad(url string, keepAlive bool) *load {
	l := &load{began: time.Now(), stop: make(chan struct{})}
	for range loadClients {
		l.clients.Go(func() {
			transport := &http.Transport{DisableKeepAlives: !keepAlive}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: patience}
			tick := time.NewTicker(time.Second * loadClients / loadRate)
			defer tick.Stop()
			for {
				select {
				case <-l.stop:
					return
				case <-tick.C:
				}
				l.asked.Add(1)
				if _, err := ask(client, url); err != nil {
					l.failed.Add(1)
				}
			}
		})
	}
	return l
}

// end ends the load and returns what came of it.
func (l *load) end() (asked, failed int64, rate float64) {
	close(l.stop)
	l.clients.Wait()
	asked = l.asked.Load()
	return asked, l.failed.Load(), float64(asked) / time.Since(l.began).Seconds()
}
