package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"sync/atomic"
)

// The roles that this program runs itself in.
const (
	roleWorker = "role-worker"
	roleProxy  = "role-reverseproxy"
)

// runRole runs a role until it is killed, and returns false if name is none.
func runRole(name string, args []string) bool {
	var h http.Handler
	switch name {
	case roleWorker:
		h = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello, world\n") })
	case roleProxy:
		h = reverseProxy(args[1:])
	default:
		return false
	}
	fmt.Fprintln(os.Stderr, http.ListenAndServe(args[0], h))
	os.Exit(1)
	return true
}

// reverseProxy spreads requests over workers with the standard library, with as
// many connections kept as are ever needed.
func reverseProxy(workers []string) http.Handler {
	var turn atomic.Uint64
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			w := workers[turn.Add(1)%uint64(len(workers))]
			r.SetURL(&url.URL{Scheme: "http", Host: w})
		},
		Transport: &http.Transport{MaxIdleConnsPerHost: 4096},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
}
