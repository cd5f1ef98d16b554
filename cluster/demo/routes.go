package demo

import (
	"fmt"
	"log"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The bounds of what one request may ask for.
const (
	maxWait = 2 * time.Second
	maxBurn = 200 * time.Millisecond
)

// noteworthy is how long a request must take for the app to log it.
const noteworthy = 250 * time.Millisecond

// largeBody is what /big answers.
var largeBody = strings.Repeat("All work and no play makes the load a dull one.\n", 4<<10)

// routes returns the app.
func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", home)
	mux.HandleFunc("GET /slow", slow)
	mux.HandleFunc("GET /burn", burn)
	mux.HandleFunc("GET /big", big)
	mux.HandleFunc("GET /fail", fail)
	mux.HandleFunc("POST /crash", crash)
	return mux
}

// slow waits, as for a database: ?ms=N, 100 if it is missing.
func slow(w http.ResponseWriter, r *http.Request) {
	wait := min(millis(r, 100), maxWait)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return
	}
	if wait > noteworthy {
		fmt.Printf("slow query: %s took %dms\n", r.URL, wait.Milliseconds())
	}
	fmt.Fprintf(w, "waited %v\n", wait)
}

// burn computes: ?ms=N, 20 if it is missing.
func burn(w http.ResponseWriter, r *http.Request) {
	spend := min(millis(r, 20), maxBurn)
	rounds := hashFor(spend)
	fmt.Fprintf(w, "%d rounds in %v\n", rounds, spend)
}

// big answers 192 KB.
func big(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// A client that went away is no news.
	_, _ = w.Write([]byte(largeBody))
}

// fail answers 500 and says so on stderr.
func fail(w http.ResponseWriter, r *http.Request) {
	log.Printf("error: %s: payment provider: connection refused", r.URL.Path)
	http.Error(w, "payment provider: connection refused", http.StatusInternalServerError)
}

// crash takes the whole process down, as a panic outside of net/http's own
// goroutines does. It is a POST because a router may send a GET that got no
// answer to the next worker, which would then crash as well.
func crash(http.ResponseWriter, *http.Request) {
	go func() { addToCart(nil, "shoes") }()
	select {} // the process is about to end
}

// addToCart panics if there is no cart.
func addToCart(cart map[string]int, item string) { cart[item]++ }

// millis returns the ms of a request's query.
func millis(r *http.Request, missing int) time.Duration {
	ms, err := strconv.Atoi(r.URL.Query().Get("ms"))
	if err != nil || ms < 0 {
		ms = missing
	}
	return time.Duration(ms) * time.Millisecond
}
