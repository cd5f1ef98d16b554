package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

func main() {
	only := flag.String("only", "", "take only the `picture` of this name")
	dir := flag.String("o", "", "`directory` to write to (default: screenshots in the module)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only, dir string) error {
	chosen := choose(tours, only)
	if len(chosen) == 0 {
		return fmt.Errorf("there is no picture %q", only)
	}
	png, err := findConverter()
	if err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	if dir == "" {
		dir = filepath.Join(root, "screenshots")
	}
	program, remove, err := build(ctx, root)
	if err != nil {
		return err
	}
	defer remove()
	for _, t := range chosen {
		if err := t.take(ctx, program, gallery{dir, png, os.Stdout}); err != nil {
			return err
		}
	}
	return nil
}

// choose returns the tours with only the shot of that name and the steps that
// lead to it, all if the name is empty.
func choose(all []tour, only string) (chosen []tour) {
	if only == "" {
		return all
	}
	for _, t := range all {
		last := slices.IndexFunc(t.shots, func(s shot) bool { return s.name == only })
		if last < 0 {
			continue
		}
		t.shots = slices.DeleteFunc(slices.Clone(t.shots[:last+1]), func(s shot) bool {
			return s.name != "" && s.name != only
		})
		chosen = append(chosen, t)
	}
	return chosen
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// build builds the program into a directory of its own, which remove removes.
func build(ctx context.Context, root string) (program string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "gcl-tui-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	program = filepath.Join(dir, "gcl-tui")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		remove()
		return "", nil, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return program, remove, nil
}

// take runs the program once and takes all pictures of the tour.
func (t *tour) take(ctx context.Context, program string, to gallery) (err error) {
	first := t.shots[0]
	argv := append([]string{program}, t.args...)
	s, err := startSession(t.look, first.cols, first.rows, argv...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for _, shot := range t.shots {
		g, err := shot.take(ctx, s)
		if err != nil {
			return fmt.Errorf("picture %q: %w", shot.name, err)
		}
		if shot.name == "" {
			continue
		}
		title := strings.Join(append([]string{"gcl-tui"}, t.args...), " ")
		if err := to.add(ctx, shot.name, writeSVG(&g, &t.look, title)); err != nil {
			return err
		}
	}
	return nil
}

// take makes the screen show what the picture is to show.
func (shot *shot) take(ctx context.Context, s *session) (grid, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.resize(shot.cols, shot.rows); err != nil {
		return grid{}, err
	}
	if err := s.press(shot.keys); err != nil {
		return grid{}, err
	}
	return s.wait(ctx, shot.want)
}

// gallery is where pictures go.
type gallery struct {
	dir       string
	converter string // path
	report    io.Writer
}

// add writes a picture as SVG and as PNG.
func (g gallery) add(ctx context.Context, name string, svg []byte) error {
	file := filepath.Join(g.dir, name+".svg")
	if err := os.WriteFile(file, svg, 0o644); err != nil {
		return err
	}
	png := filepath.Join(g.dir, name+".png")
	if err := writePNG(ctx, g.converter, file, png); err != nil {
		return err
	}
	_, err := fmt.Fprintf(g.report, "%s\n%s\n", file, png)
	return err
}
