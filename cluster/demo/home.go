package demo

import (
	"html/template"
	"net/http"
	"os"
	"sync"
)

// homePage shows which worker answered; reloading it shows the others. It is
// parsed when first asked for: the program starts often, and rarely as a demo.
var homePage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("home").Parse(homeText))
})

const homeText = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>gcl-tui demo</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 4em auto; padding: 0 1em; color-scheme: light dark }
  code { font-size: 1.1em }
</style>
<h1>Answered by worker {{.Worker}}, pid {{.PID}}</h1>
<p>Every worker listens on this port. Reload the page to meet another.</p>
<ul>
  <li><a href="/slow?ms=300">/slow</a> waits
  <li><a href="/burn?ms=100">/burn</a> computes
  <li><a href="/big">/big</a> answers 192 KB
  <li><a href="/fail">/fail</a> answers 500
  <li><a href="/missing">/missing</a> is not there
</ul>
<form method="post" action="/crash"><button>Crash this worker</button></form>
</html>
`

// home is the fast route.
func home(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	worker := os.Getenv("GCL_WORKER")
	if worker == "" {
		worker = "?"
	}
	// A client that went away is no news.
	_ = homePage().Execute(w, struct {
		Worker string
		PID    int
	}{worker, os.Getpid()})
}
