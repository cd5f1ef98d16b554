package router

import (
	_ "embed" // the page's style and script
	"fmt"
	"strings"
)

var (
	//go:embed assets/page.css
	pageStyle string
	//go:embed assets/page.js
	pageScript string
)

// page is what a browser is shown in place of the app. It waits for something
// else than serves to serve, and then loads the same URL.
type page struct {
	status string
	method string // of the request that it answers
	serves string // what serves now, as a stream of edition.go tells it
	again  bool   // without script, it is to be loaded again after a while
	Explanation
}

// reloadAfter is how often a browser without script looks again, in seconds. It
// loses its place in the page each time, so it is no hurry.
const reloadAfter = 3

func (p *page) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>%s</title>
`, escaped(p.Summary))
	if p.again {
		fmt.Fprintf(&b, "<noscript><meta http-equiv=\"refresh\" content=\"%d\"></noscript>\n", reloadAfter)
	}
	fmt.Fprintf(&b, "<style>\n%s</style></head>\n<body data-serves=\"%s\" data-method=\"%s\"><main>\n<h1>%s</h1>\n",
		pageStyle, escaped(p.serves), escaped(p.method), escaped(p.Summary))
	for i := range p.Parts {
		p.Parts[i].html(&b)
	}
	fmt.Fprintf(&b, "<footer>%s, from gcl-tui. The app takes the place of this page when it is back.</footer>\n"+
		"</main>\n<script>\n%s</script></body></html>\n", escaped(p.status), pageScript)
	return b.String()
}
