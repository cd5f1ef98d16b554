package cli

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/ui/lines"
)

// The values of the flags that choose.
const (
	adoptAuto = "auto"
	adoptOff  = "off"

	reloadRolling = "rolling"
	reloadRestart = "restart"
)

var (
	balances  = []string{string(cluster.LeastInFlight), string(cluster.RoundRobin), string(cluster.Kernel)}
	adoptions = []string{adoptAuto, adoptOff}
	reloads   = []string{reloadRolling, reloadRestart}
	formats   = []string{string(lines.Text), string(lines.JSON)}
)

func quote(s string) string { return strconv.Quote(s) }

// The errors of the functions here say what is wanted; the flag and the value
// that was given stand before it (flagError).

func oneOf(v string, allowed []string) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return fmt.Errorf("want %s", orList(allowed))
}

// orList writes "a", "a or b", "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// parseWorkers returns how many workers v asks for; 0 is as many as there are CPUs.
func parseWorkers(v string) (int, error) {
	if v == "max" {
		return 0, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > cluster.MaxWorkers {
		return 0, fmt.Errorf("want a number from 1 to %d, or max for one worker for each CPU", cluster.MaxWorkers)
	}
	return n, nil
}

// checkPort checks [HOST:]PORT.
func checkPort(v string) error {
	port := v
	if strings.Contains(v, ":") {
		var err error
		if _, port, err = net.SplitHostPort(v); err != nil {
			return errors.New("want PORT or HOST:PORT, an IPv6 HOST in [brackets]")
		}
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return errors.New("want a port from 1 to 65535, as in 8080 or 127.0.0.1:8080")
	}
	return nil
}

// boolFlag is a flag that is on or off.
type boolFlag func(bool)

// Set implements pflag.Value.
func (f boolFlag) Set(v string) error {
	on, err := strconv.ParseBool(v)
	if err != nil {
		return errors.New("want true or false")
	}
	f(on)
	return nil
}

// String implements pflag.Value.
func (f boolFlag) String() string { return "" }

// Type implements pflag.Value.
func (f boolFlag) Type() string { return "bool" }

var errWantVariable = errors.New("want NAME=VALUE")

// checkVariable checks K=V.
func checkVariable(v string) error {
	name, value, ok := strings.Cut(v, "=")
	if !ok || name == "" || strings.ContainsAny(name, " \t\n\x00") || strings.Contains(value, "\x00") {
		return errWantVariable
	}
	return nil
}

// durationFlag returns a function that reads a flag into d.
func durationFlag(d *time.Duration) func(string) error {
	return func(v string) error {
		n, err := time.ParseDuration(v)
		if err != nil || n <= 0 {
			return errors.New("want a time above 0 with its unit, as in 500ms, 10s or 2m")
		}
		*d = n
		return nil
	}
}

func checkStopSignal(v string) error {
	if isSignal("SIG" + strings.TrimPrefix(strings.ToUpper(v), "SIG")) {
		return nil
	}
	return errors.New("want the name of a signal, as in TERM, INT or QUIT")
}

// withoutPrefix takes what flagError also writes off the front of err.
func withoutPrefix(err error, prefix string) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), prefix))
}
