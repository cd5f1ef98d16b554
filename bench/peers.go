package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// peer is one way to the workers.
type peer struct {
	name  string
	addr  string // "" if it is not installed
	rival string // the form of gcl-tui that it is compared with
}

// The forms of gcl-tui: routed, and with the kernel's balance in front of the Go
// workers or of Node's.
const (
	ours     = "gcl-tui"
	kernel   = "gcl-tui kernel"
	nodeOurs = "gcl-tui kernel Node"
)

// peers in the order they are shown.
var peers = []struct {
	name, rival string
	start       func(s *starter) (addr string, err error)
}{
	{ours, "", func(s *starter) (string, error) { return s.goWorkers("least") }},
	{"nginx", ours, (*starter).nginx},
	{"haproxy", ours, (*starter).haproxy},
	{"ReverseProxy", ours, func(s *starter) (string, error) { return s.reverseProxy(roleProxy) }},
	{"ReverseProxy tuned", ours, func(s *starter) (string, error) { return s.reverseProxy(roleTunedProxy) }},
	{"one worker", ours, func(s *starter) (string, error) { return s.workers[0], nil }},
	{kernel, "", func(s *starter) (string, error) { return s.goWorkers("kernel") }},
	{"bound directly", kernel, (*starter).boundDirectly},
	{nodeOurs, "", (*starter).nodeWorkers},
	{"Node cluster", nodeOurs, (*starter).nodeCluster},
}

// checkNames returns an error if one of only is no peer.
func checkNames(only []string) error {
	var names []string
	for _, p := range peers {
		names = append(names, p.name)
	}
	for _, name := range only {
		if !slices.Contains(names, name) {
			return fmt.Errorf("-only %q: want some of %s", name, strings.Join(names, "; "))
		}
	}
	return nil
}

// starter starts processes.
type starter struct {
	*group

	ctx     context.Context //nolint:containedctx // it is that of one call of startPeers
	dir     string          // for files
	self    string          // this program
	program string          // gcl-tui
	workers []string        // two workers' own addresses
}

// startPeers starts the workers and, in front of them, every peer that is
// installed and wanted.
func startPeers(ctx context.Context, started *group, dir string, only []string) ([]peer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &starter{group: started, ctx: ctx, dir: dir, self: self, program: filepath.Join(dir, "gcl-tui")}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.program, "gcl-tui").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	for range 2 {
		addr, err := s.start(s.self, roleWorker, place)
		if err != nil {
			return nil, err
		}
		s.workers = append(s.workers, addr)
	}
	var set []peer
	for _, p := range peers {
		if only != nil && !slices.Contains(only, p.name) {
			continue
		}
		addr, err := p.start(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		set = append(set, peer{p.name, addr, p.rival})
	}
	return set, s.alive()
}

// goWorkers runs this repository's program with two workers of its own.
func (s *starter) goWorkers(balance string) (string, error) {
	return s.start(s.program, "--headless", "--watch=false", "-n", "2", "-b", balance, "--", s.self, roleWorker, place)
}

func (s *starter) reverseProxy(role string) (string, error) {
	return s.start(s.self, append([]string{role, place}, s.workers...)...)
}

// boundDirectly starts two workers on one port, with nothing in front of them.
func (s *starter) boundDirectly() (string, error) {
	addr, err := s.start(s.self, roleShared, place)
	if err != nil {
		return "", err
	}
	return addr, s.startAt(addr, s.self, roleShared, addr)
}
