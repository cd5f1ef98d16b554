package watch

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkSave measures from the save of a file to the Built event, and go
// build of a like change by itself, in turn, in milliseconds at the median.
// What comes before and after the build itself is beside-ms: on a noisy machine
// it says more than above-ms, the difference of two medians.
func BenchmarkSave(b *testing.B) {
	for _, modules := range []int{1, 50} {
		b.Run(fmt.Sprintf("modules=%d", modules), func(b *testing.B) { benchmarkSave(b, modules) })
	}
}

func benchmarkSave(b *testing.B, modules int) {
	b.Helper()
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		b.Fatal(err)
	}
	b.Setenv("GOCACHE", strings.TrimSpace(string(goCache)))
	b.Setenv("XDG_CACHE_HOME", b.TempDir()) // where binaries go
	b.Setenv("GOPROXY", "off")
	watched, other := b.TempDir(), b.TempDir()
	writeModules(b, watched, modules)
	writeModules(b, other, modules)
	buildAlone(b, other)
	w := startBench(b, watched)
	var saved, beside, alone []float64
	for i := 0; b.Loop(); i++ {
		name, text := fmt.Sprintf("m%d/m.go", i%modules), fmt.Sprintf("package m\n\nvar X = %d\n", i)
		save := func() {
			begin := time.Now()
			writeBench(b, watched, name, text)
			took := awaitBuilt(b, w)
			saved = append(saved, milliseconds(time.Since(begin)))
			beside = append(beside, milliseconds(time.Since(begin)-took))
		}
		build := func() {
			begin := time.Now()
			writeBench(b, other, name, text)
			buildAlone(b, other)
			alone = append(alone, milliseconds(time.Since(begin)))
		}
		if i%2 == 0 { // what comes second finds the compiler in memory
			save()
			build()
		} else {
			build()
			save()
		}
	}
	b.ReportMetric(median(saved), "save-ms")
	b.ReportMetric(median(alone), "gobuild-ms")
	b.ReportMetric(median(beside), "beside-ms")
	b.ReportMetric(median(saved)-median(alone), "above-ms")
	b.ReportMetric(0, "ns/op")
}

// buildAlone builds as one would by hand.
func buildAlone(b *testing.B, dir string) {
	b.Helper()
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "out"), ".")
	cmd.Dir = filepath.Join(dir, "app")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}

// writeModules writes a server that imports a number of replaced modules.
func writeModules(b *testing.B, dir string, modules int) {
	b.Helper()
	mod := strings.Builder{}
	mod.WriteString("module example.com/app\n\ngo 1.26\n")
	var imports, uses strings.Builder
	for i := range modules {
		fmt.Fprintf(&mod, "require example.com/m%d v0.0.0\nreplace example.com/m%d => ../m%d\n", i, i, i)
		fmt.Fprintf(&imports, "\tm%d \"example.com/m%d\"\n", i, i)
		fmt.Fprintf(&uses, "\tprintln(m%d.X)\n", i)
		writeBench(b, dir, fmt.Sprintf("m%d/go.mod", i), fmt.Sprintf("module example.com/m%d\n\ngo 1.26\n", i))
		writeBench(b, dir, fmt.Sprintf("m%d/m.go", i), "package m\n\nvar X = -1\n")
	}
	writeBench(b, dir, "app/go.mod", mod.String())
	writeBench(b, dir, "app/main.go", "package main\n\nimport (\n\t\"net/http\"\n\n"+imports.String()+")\n\nfunc main() {\n"+uses.String()+"\tpanic(http.ListenAndServe(\":0\", nil))\n}\n")
}

func writeBench(b *testing.B, dir, name, text string) {
	b.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

func startBench(b *testing.B, dir string) *Watcher {
	b.Helper()
	p, err := Find(b.Context(), Command{Path: ".", Dir: filepath.Join(dir, "app")}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	w, err := p.Start(b.Context(), func() time.Time { return time.Time{} })
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := w.Close(); err != nil {
			b.Error(err)
		}
	})
	for status, built := false, false; !status || !built; {
		switch e := (<-w.Events()).(type) {
		case Status:
			status = true
		case Built:
			built = true
		case BuildFailed:
			b.Fatal(e.Output)
		}
	}
	return w
}

// awaitBuilt returns how long the next build took.
func awaitBuilt(b *testing.B, w *Watcher) time.Duration {
	b.Helper()
	for e := range w.Events() {
		switch e := e.(type) {
		case Built:
			return e.Took
		case BuildFailed:
			b.Fatal(e.Output)
		}
	}
	b.Fatal("the watcher ended")
	return 0
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
