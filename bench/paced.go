package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// paced loads addr at a rate of requests a second, in a process of its own, and
// returns the 99th percentile of the times from when requests were due until
// they had been answered. It is an error if one was not.
func paced(ctx context.Context, addr string, conns int, rate float64, d time.Duration) (time.Duration, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, self, rolePaced, addr, strconv.Itoa(conns), fmt.Sprintf("%f", rate), d.String())
	cmd.SysProcAttr = ownSession()
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("paced load: %w: %s", err, out)
	}
	p99, err := time.ParseDuration(string(out))
	if err != nil {
		return 0, fmt.Errorf("paced load: it says %q", out)
	}
	return p99, nil
}

// pace is the role behind paced. It prints the percentile.
func pace(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("%s: want ADDR CONNECTIONS RATE DURATION", rolePaced)
	}
	conns, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	rate, err := strconv.ParseFloat(args[2], 64)
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(args[3])
	if err != nil {
		return err
	}
	p, err := newPacer(args[0], conns, schedule{step: time.Duration(float64(time.Second) / rate), n: int(rate * d.Seconds())})
	if err != nil {
		return err
	}
	if err := p.run(); err != nil {
		return err
	}
	fmt.Print(percentile99(p.took[len(p.took)/4:])) // at first pools fill
	return nil
}

// schedule says when requests are due, at equal distances. Request i belongs to
// the connection i modulo their number.
type schedule struct {
	step time.Duration
	n    int // how many requests
}

// due returns when request i is, from the start.
func (s schedule) due(i int) time.Duration { return time.Duration(i) * s.step }

// until returns how many requests are due at some time from the start.
func (s schedule) until(t time.Duration) int { return min(int(t/s.step)+1, s.n) }

// percentile99 returns the time that 99 of 100 do not exceed. It sorts all.
func percentile99(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[(len(all)*99+99)/100-1]
}
