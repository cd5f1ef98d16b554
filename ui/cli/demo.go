package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"gcl-tui/cluster/demo"
)

// How many workers the demo has, whatever the machine: fewer show little, and
// more have nothing to do under its load.
const (
	minDemoWorkers = 4
	maxDemoWorkers = 8
)

func addSeedFlag(f *pflag.FlagSet, s *settings) {
	s.seed = rand.Uint64()
	f.Func("seed", "what decides the load", func(v string) (err error) {
		if s.seed, err = strconv.ParseUint(v, 10, 64); err != nil {
			return errors.New("want a whole number from 0 up")
		}
		return nil
	})
}

// runDemo runs the built-in app under the built-in load.
func runDemo(ctx context.Context, s *settings) error {
	front, err := chooseFront(s)
	if err != nil {
		return err
	}
	addr, err := demoAddr(s.options.Ports)
	if err != nil {
		return err
	}
	argv, env, err := demo.Command(addr)
	if err != nil {
		return err
	}
	s.options.Ports = []string{addr}
	s.ownEnv = env
	if s.options.Workers == 0 {
		s.options.Workers = max(minDemoWorkers, min(runtime.GOMAXPROCS(0), maxDemoWorkers))
	}
	o := s.clusterOptions(argv)
	o.Name = "demo"
	ctx, r := newRun(ctx)
	defer r.release()
	load := demo.Load{Addr: addr, Seed: s.seed}
	r.beside("the load", func() { load.Run(r.companions) })
	return r.cluster(ctx, o, front)
}

// demoAddr is where the demo listens: what -p says, or a free port, said on
// stderr if it is not the usual one.
func demoAddr(ports []string) (string, error) {
	switch len(ports) {
	case 0:
	case 1:
		if strings.Contains(ports[0], ":") {
			return ports[0], nil
		}
		return ":" + ports[0], nil
	default:
		return "", usagef("demo listens on one port: give -p once")
	}
	addr, err := demo.FreeAddr(demo.DefaultPort)
	if err != nil {
		return "", err
	}
	if _, port, _ := net.SplitHostPort(addr); port != strconv.Itoa(demo.DefaultPort) {
		fmt.Fprintf(os.Stderr, "gcl-tui: port %d is taken, the demo listens on %s\n", demo.DefaultPort, port)
	}
	return addr, nil
}
