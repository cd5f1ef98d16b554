package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"runtime"
	"sync/atomic"
)

// The roles that this program runs itself in.
const (
	roleWorker = "role-worker"
	roleShared = "role-shared" // a worker that shares its port
	roleProxy  = "role-reverseproxy"
	rolePaced  = "role-paced" // makes the half load
	// with connections to the workers kept as long as they are needed
	roleTunedProxy = "role-reverseproxy-tuned"
)

// runRole runs a role until it is killed, and returns false if name is none.
// Workers get one core each.
func runRole(name string, args []string) bool {
	var err error
	switch name {
	case roleWorker:
		runtime.GOMAXPROCS(1)
		err = serve(net.ListenConfig{}, args[0], hello)
	case roleShared:
		runtime.GOMAXPROCS(1)
		// Plain TCP, as gcl-tui's sockets are: Go listens for multipath TCP
		// otherwise, which costs a little.
		shared := net.ListenConfig{Control: sharePort}
		shared.SetMultipathTCP(false)
		err = serve(shared, args[0], hello)
	case roleProxy:
		err = serve(net.ListenConfig{}, args[0], reverseProxy(args[1:], nil))
	case roleTunedProxy:
		err = serve(net.ListenConfig{}, args[0], reverseProxy(args[1:], &http.Transport{MaxIdleConnsPerHost: 4096}))
	case rolePaced:
		err = pace(args)
	default:
		return false
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello, world\n") }

func serve(how net.ListenConfig, addr string, h http.HandlerFunc) error {
	ln, err := how.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	return http.Serve(ln, h)
}

// reverseProxy spreads requests over workers with the standard library. A nil
// transport is its own, which keeps two idle connections to each worker.
func reverseProxy(workers []string, transport http.RoundTripper) http.HandlerFunc {
	var turn atomic.Uint64
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			w := workers[turn.Add(1)%uint64(len(workers))]
			r.SetURL(&url.URL{Scheme: "http", Host: w})
		},
		Transport: transport,
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	return proxy.ServeHTTP
}
