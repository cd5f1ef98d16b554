// Command protocols is a server that speaks HTTP/1 and HTTP/2 without TLS,
// WebSocket and gRPC, and knows nothing of a cluster.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	go serveGRPC("127.0.0.1:" + os.Getenv("GRPC_PORT"))
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/chunks", chunks)
	mux.HandleFunc("/ws", webSocket)
	s := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: mux, Protocols: new(http.Protocols)}
	s.Protocols.SetHTTP1(true)
	s.Protocols.SetUnencryptedHTTP2(true)
	log.Fatal(s.ListenAndServe())
}

func serveGRPC(addr string) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(s, health.NewServer())
	log.Fatal(s.Serve(l))
}

// echo returns the body, and in headers and a trailer what it knows of it.
func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Seen", fmt.Sprint(r.Method, " ", r.Proto, " ", r.ContentLength))
	w.Header().Set("Trailer", "X-Bytes")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, _ = w.Write(body)
	w.Header().Set("X-Bytes", fmt.Sprint(len(body)))
}

// chunks sends its answer in pieces.
func chunks(w http.ResponseWriter, _ *http.Request) {
	for i := range 5 {
		fmt.Fprintf(w, "piece %d\n", i)
		_ = http.NewResponseController(w).Flush()
	}
}

// webSocket sends messages back until the client closes.
func webSocket(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	c.SetReadLimit(-1)
	for {
		kind, message, err := c.Read(r.Context())
		if err != nil {
			return
		}
		if err := c.Write(r.Context(), kind, message); err != nil {
			return
		}
	}
}
