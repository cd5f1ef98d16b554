package demo

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

// workerRole is the first argument of a process that is a worker of the demo.
const workerRole = "demo-worker"

// RunRole runs the demo's worker if this process was started as one, and then
// does not return. It is called before flags are read.
func RunRole() {
	if len(os.Args) != 3 || os.Args[1] != workerRole {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, listenAddr(os.Args[2], os.Getenv("PORT"))); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Command returns the command line and the environment of a worker that listens
// on addr (HOST:PORT).
//
// The worker takes its port from PORT, as many servers do, so that it also runs
// where workers cannot share a port and are given one each. Setting PORT here
// keeps a PORT in the user's own environment out of it.
func Command(addr string) (argv, env []string, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("find the demo's own executable: %w", err)
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, nil, fmt.Errorf("demo address: %w", err)
	}
	return []string{exe, workerRole, addr}, []string{"PORT=" + port}, nil
}

// listenAddr is addr with its port replaced by port, if there is one.
func listenAddr(addr, port string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || port == "" {
		return addr
	}
	return net.JoinHostPort(host, port)
}
