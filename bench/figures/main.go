package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// bench is what all measurements need.
type bench struct {
	program string // the program measured
	worker  string // this executable
	runs    int
	idle    time.Duration
	out     *tabwriter.Writer
}

// measurements by the name that -only takes, in the order they run.
var measurements = []struct {
	name string
	run  func(context.Context, *bench) error
}{
	{"crash", measureCrash},
	{"frame", measureFrame},
	{"scale", measureScale},
	{"idle", measureIdle},
	{"balance", measureBalance},
	{"download", measureDownload},
	{"idleconns", measureIdleConns},
	{"active", measureActive},
	{"websocket", measureWebSocket},
	{"leave", measureLeave},
	{"remove", measureRemove},
	{"reload", measureReload},
	{"saves", measureSaves},
	{"tree", measureTree},
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == workerRole {
		fmt.Fprintln(os.Stderr, serve(os.Args[2]))
		os.Exit(1)
	}
	if len(os.Args) == 3 && os.Args[1] == watchRole {
		if err := watchTree(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "figures:", err)
			os.Exit(1)
		}
		return
	}
	b := bench{out: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	only := flag.String("only", "", "one `measurement`: "+names()+" (all)")
	flag.StringVar(&b.program, "program", "", "`path` of the program to measure (that of this module, built)")
	flag.IntVar(&b.runs, "runs", 20, "how often crash, frame, leave and reload are repeated")
	flag.DurationVar(&b.idle, "idle", time.Minute, "how long the idle screen is watched")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.all(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// names returns what -only takes.
func names() string {
	var all []string
	for _, m := range measurements {
		all = append(all, m.name)
	}
	return strings.Join(all, ", ")
}

// all runs the measurements. Nothing it has started is left when it returns.
func (b *bench) all(ctx context.Context, only string) error {
	dir, err := os.MkdirTemp("", "figures-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if b.worker, err = os.Executable(); err != nil {
		return fmt.Errorf("find this executable: %w", err)
	}
	if b.program == "" {
		if b.program, err = build(ctx, dir); err != nil {
			return err
		}
	}
	found := false
	for _, m := range measurements {
		if only != "" && only != m.name {
			continue
		}
		found = true
		fmt.Fprintln(b.out, "\nfigure\tmedian\tleast\tmost\truns")
		if err := m.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		_ = b.out.Flush()
	}
	if !found {
		return fmt.Errorf("there is no measurement %q", only)
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("\nload averages at the end: %s", load)
	}
	return nil
}

// build builds the program of this module into dir.
func build(ctx context.Context, dir string) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	program := filepath.Join(dir, "gcl-tui")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
	cmd.Dir = strings.TrimSpace(string(root))
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return program, nil
}
