// Command server is an ordinary server: it listens on the port it is told and
// knows nothing of a cluster. If
// STUBBORN is set it does not stop when it is asked to.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "pid %d worker %s\n", os.Getpid(), os.Getenv("GCL_WORKER"))
	})
	if os.Getenv("STUBBORN") != "" {
		signal.Ignore(syscall.SIGTERM)
	}
	addr := "127.0.0.1:" + os.Getenv("PORT")
	fmt.Println("listening on", addr)
	log.Fatal(http.ListenAndServe(addr, nil))
}
