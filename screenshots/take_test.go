package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTour takes two pictures of a program, as main does.
func TestTour(t *testing.T) {
	dir := t.TempDir()
	convert := filepath.Join(dir, "convert")
	// A script, so that the converter's role is not the program's.
	script := "#!/bin/sh\n" + roleVar + "=converter exec '" + os.Args[0] + "' \"$@\"\n"
	if err := os.WriteFile(convert, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv(roleVar, "dashboard")
	tour := tour{look: light, shots: []shot{
		{name: "first", cols: 60, rows: 5, want: patterns(`rgb:fcfc`, `size 60x5`)},
		{cols: 60, rows: 5, keys: "j", want: patterns(`key "j"`)},
		{name: "second", cols: 50, rows: 6, keys: "k", want: patterns(`size 50x6`, `key "k"`)},
	}}
	if err := tour.take(t.Context(), os.Args[0], gallery{dir, convert, t.Output()}); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); len(got) != 5 {
		t.Errorf("files %q, want two pictures as SVG and PNG, and the converter", got)
	}
	for name, size := range map[string]string{"first": "60x5", "second": "50x6"} {
		svg, err := os.ReadFile(filepath.Join(dir, name+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		if texts := strings.Join(textsOf(t, svg), " "); !strings.Contains(texts, "size "+size) {
			t.Errorf("%s shows %q", name, texts)
		}
		png, err := os.ReadFile(filepath.Join(dir, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(png), name+".svg") || !strings.Contains(string(png), "--zoom 2") {
			t.Errorf("the converter was called with %s", png)
		}
	}
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestConverterMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := findConverter(); err == nil || !strings.HasPrefix(err.Error(), "rsvg-convert is not installed: ") {
		t.Errorf("got %v", err)
	}
}

func TestConverterFails(t *testing.T) {
	t.Setenv(roleVar, "deaf") // which needs a terminal
	err := writePNG(t.Context(), os.Args[0], "a.svg", "a.png")
	if err == nil || !strings.HasPrefix(err.Error(), "convert a.svg to PNG: exit status 2") {
		t.Errorf("got %v", err)
	}
}

func TestChoose(t *testing.T) {
	all := []tour{
		{shots: []shot{{name: "a"}, {keys: "1"}, {name: "b"}, {keys: "2"}}},
		{shots: []shot{{keys: "3"}, {name: "c"}}},
	}
	for only, want := range map[string]string{"": "a1b2 3c", "a": "a", "b": "1b", "c": "3c", "d": ""} {
		var got []string
		for _, tour := range choose(all, only) {
			var shots string
			for _, s := range tour.shots {
				shots += s.name + s.keys
			}
			got = append(got, shots)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("only %q: %q, want %q", only, got, want)
		}
	}
}

// TestTable catches slips in the list of pictures.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, tour := range tours {
		for _, s := range tour.shots {
			if s.name != "" && seen[s.name] || !regexp.MustCompile(`^[a-z0-9-]*$`).MatchString(s.name) {
				t.Errorf("name %q is bad or used twice", s.name)
			}
			seen[s.name] = true
			if s.cols < 40 || s.rows < 10 || len(s.want) == 0 {
				t.Errorf("%s: %dx%d, %d patterns", s.name, s.cols, s.rows, len(s.want))
			}
		}
	}
}
