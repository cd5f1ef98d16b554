package main

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// workerRole as the first argument makes this executable a worker.
const workerRole = "worker"

// stampPrefix begins the line in which a worker tells when it listened, in
// nanoseconds of the system's clock, which all processes share.
const stampPrefix = "listening since "

// serve listens on addr, says when it did, and answers requests.
func serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("%s%d\n", stampPrefix, time.Now().UnixNano())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("hello\n"))
	}))
}

// stamp reads the time from a worker's line.
func stamp(line string) (time.Time, bool) {
	text, ok := strings.CutPrefix(strings.TrimSpace(line), stampPrefix)
	if !ok {
		return time.Time{}, false
	}
	ns, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(0, ns), err == nil
}

// freeAddr returns a loopback address that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
