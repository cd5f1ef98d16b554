package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// peer is one way to the workers.
type peer struct {
	name string
	addr string // "" if it is not installed
}

// ours is the peer that the others are compared with.
const ours = "gcl-tui"

// place is where a peer is started.
type place struct {
	dir     string
	addr    string
	workers []string
	self    string // this program
}

// command builds the command of a peer, or returns nil if it is not installed.
type command func(ctx context.Context, at place) (*exec.Cmd, error)

var commands = []struct {
	name  string
	build command
}{
	{ours, routed},
	{"nginx", nginx},
	{"haproxy", haproxy},
	{"ReverseProxy", reverse},
	{"one worker", nil},
}

// startPeers starts the workers and, in front of them, every peer that is
// installed and wanted.
func startPeers(ctx context.Context, started *group, dir string, only []string) ([]peer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	at := place{dir: dir, self: self}
	for range 2 {
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		cmd := exec.CommandContext(ctx, self, roleWorker, addr)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		if err := started.start(cmd, addr); err != nil {
			return nil, err
		}
		at.workers = append(at.workers, addr)
	}
	var set []peer
	for _, c := range commands {
		if only != nil && !slices.Contains(only, c.name) {
			continue
		}
		p, err := startPeer(ctx, started, c.name, c.build, at)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		set = append(set, p)
	}
	return set, nil
}

func startPeer(ctx context.Context, started *group, name string, build command, at place) (peer, error) {
	if build == nil {
		return peer{name, at.workers[0]}, nil
	}
	var err error
	if at.addr, err = freeAddr(); err != nil {
		return peer{}, err
	}
	cmd, err := build(ctx, at)
	if cmd == nil || err != nil {
		return peer{name: name}, err
	}
	return peer{name, at.addr}, started.start(cmd, at.addr)
}

// routed runs this repository's program with two workers of its own.
func routed(ctx context.Context, at place) (*exec.Cmd, error) {
	binary := filepath.Join(at.dir, "gcl-tui")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "gcl-tui").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	return exec.CommandContext(ctx, binary, "--headless", "-n", "2", "-e", "GOMAXPROCS=1",
		"--", at.self, roleWorker, at.addr), nil
}

func reverse(ctx context.Context, at place) (*exec.Cmd, error) {
	return exec.CommandContext(ctx, at.self, append([]string{roleProxy, at.addr}, at.workers...)...), nil
}

func nginx(ctx context.Context, at place) (*exec.Cmd, error) {
	return configured(ctx, at, "nginx", []string{"nginx", "/usr/sbin/nginx"}, "-c", fmt.Sprintf(nginxConfig,
		runtime.NumCPU(), at.dir, at.workers[0], at.workers[1], at.addr))
}

func haproxy(ctx context.Context, at place) (*exec.Cmd, error) {
	return configured(ctx, at, "haproxy", []string{"haproxy", "/usr/sbin/haproxy"}, "-f", fmt.Sprintf(haproxyConfig,
		runtime.NumCPU(), at.addr, at.workers[0], at.workers[1]))
}

// configured writes a configuration file and returns the command that reads it,
// or nil if none of the names is a program here.
func configured(ctx context.Context, at place, name string, names []string, flag, config string) (*exec.Cmd, error) {
	for _, n := range names {
		path, err := exec.LookPath(n)
		if err != nil {
			continue
		}
		file := filepath.Join(at.dir, name+".conf")
		return exec.CommandContext(ctx, path, flag, file), os.WriteFile(file, []byte(config), 0o600)
	}
	return nil, nil
}
