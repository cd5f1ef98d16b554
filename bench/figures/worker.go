package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// workerRole as the first argument makes this executable a worker.
const workerRole = "worker"

// stampPrefix begins the line in which a worker tells when it listened, or felt
// a client leave, in nanoseconds of the system's clock, which all processes
// share.
const stampPrefix = "at "

// serve listens on addr, says when it did, and answers requests.
func serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("%s%d\n", stampPrefix, time.Now().UnixNano())
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello\n")) })
	mux.HandleFunc("/who", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(os.Getenv("GCL_WORKER"))) })
	mux.HandleFunc("/bytes/{n}", sendBytes)
	mux.HandleFunc("/wait", waitForever)
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/remove", removeFiles)
	return http.Serve(l, mux)
}

// sendBytes sends as many bytes as it is asked for.
func sendBytes(w http.ResponseWriter, r *http.Request) {
	left, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Length", r.PathValue("n"))
	chunk := make([]byte, 256<<10)
	for err == nil && left > 0 {
		var n int
		n, err = w.Write(chunk[:min(left, len(chunk))])
		left -= n
	}
}

// waiting is what a worker says when a client waits for an answer that never
// comes. When that client has left, the worker says when it felt it, as a stamp.
const waiting = "a client waits"

func waitForever(_ http.ResponseWriter, r *http.Request) {
	fmt.Println(waiting)
	<-r.Context().Done()
	fmt.Printf("%s%d\n", stampPrefix, time.Now().UnixNano())
}

// echo sends the messages of a WebSocket back until it is closed.
func echo(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the client has been told
	}
	defer func() { _ = c.CloseNow() }()
	for {
		kind, message, err := c.Read(r.Context())
		if err == nil {
			err = c.Write(r.Context(), kind, message)
		}
		if err != nil {
			return
		}
	}
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
