// The server of the tests: it knows nothing of what starts it.
//
//	goserver serve NETWORK ADDR...   answers HTTP with its pid on each address
//	goserver anew PATH               removes PATH, then says its pid on a Unix socket there
//	goserver ports ADDR N            binds N ports from ADDR's on, one after another, while all threads are busy
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
)

func main() {
	var err error
	switch os.Args[1] {
	case "serve":
		err = serve(os.Args[2], os.Args[3:])
	case "anew":
		err = anew(os.Args[2])
	case "ports":
		err = ports(os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func serve(network string, addrs []string) error {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, os.Getpid()) })
	failed := make(chan error)
	for _, addr := range addrs {
		l, err := net.Listen(network, addr)
		if err != nil {
			return err
		}
		go func() { failed <- http.Serve(l, answer) }()
	}
	fmt.Println("serving")
	return <-failed
}

// anew does what Go programs do with the file that an earlier run has left.
func anew(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		fmt.Fprintln(c, os.Getpid())
		_ = c.Close()
	}
}

// ports keeps more goroutines busy than there are threads to run them, so that
// the runtime sends its preemption signal, SIGURG, all the time.
func ports(addr, count string) error {
	host, first, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for {
			}
		}()
	}
	for i := range n {
		if _, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port+i))); err != nil {
			return fmt.Errorf("number %d: %w", i, err)
		}
	}
	fmt.Println("bound", n)
	return nil
}
