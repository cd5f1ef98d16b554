package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// load is wrk, which loads one address over some kept connections.
type load struct{ path string }

func newLoad() (load, error) {
	path, err := exec.LookPath("wrk")
	if err != nil {
		return load{}, errors.New("wrk makes the load and is not installed (Debian: apt install wrk)")
	}
	return load{path}, nil
}

// result is one run.
type result struct {
	rate float64       // requests a second
	p99  time.Duration // of the response times
}

var (
	ratePattern = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	p99Pattern  = regexp.MustCompile(`\s99%\s+([\d.]+[a-z]+)`)
	failPattern = regexp.MustCompile(`(?m)^\s*(Socket errors: .*|Non-2xx or 3xx responses: .*)$`)
)

// run loads addr, with more arguments for wrk. One failed request fails the run:
// a fast way to fail is no result.
func (l load) run(ctx context.Context, addr string, conns int, d time.Duration, more ...string) (result, error) {
	args := append([]string{
		"-t1", "-c" + strconv.Itoa(conns), "-d" + strconv.Itoa(int(d.Seconds())) + "s", "--latency",
	}, more...)
	cmd := exec.CommandContext(ctx, l.path, append(args, "http://"+addr+"/")...)
	cmd.SysProcAttr = ownSession()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return result{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return parseResult(out)
}

// parseResult reads what wrk prints.
func parseResult(out []byte) (result, error) {
	if fail := failPattern.FindSubmatch(out); fail != nil {
		return result{}, fmt.Errorf("requests failed: %s", fail[1])
	}
	rate, p99 := ratePattern.FindSubmatch(out), p99Pattern.FindSubmatch(out)
	if rate == nil || p99 == nil {
		return result{}, fmt.Errorf("wrk said what is not understood: %s", out)
	}
	var res result
	var err error
	if res.rate, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		return result{}, err
	}
	if res.p99, err = time.ParseDuration(string(p99[1])); err != nil {
		return result{}, err
	}
	return res, nil
}
