package demo

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

// drainTimeout is how long the server waits for requests in flight when it is
// asked to stop.
const drainTimeout = 5 * time.Second

// serve runs the app on addr until ctx ends.
func serve(ctx context.Context, addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log.SetFlags(0)
	fmt.Printf("demo app listening on http://%s (pid %d)\n", listener.Addr(), os.Getpid())
	server := &http.Server{Handler: routes(), ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	go func() { // ends with ctx, which ends at the latest with the process
		<-ctx.Done()
		drained, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		stopped <- server.Shutdown(drained)
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return <-stopped
}
