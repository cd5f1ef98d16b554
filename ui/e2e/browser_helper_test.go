//go:build linux

package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is a page in a real browser, without a window.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// browserPrograms are the browsers that will do, the smallest first.
var browserPrograms = []string{"chromium-headless-shell", "chromium", "google-chrome"}

func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range browserPrograms {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("none of %v is installed: the pages for browsers cannot be tested", browserPrograms)
	return ""
}

// startBrowser starts a browser with one empty page. It ends with the test.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findBrowser(t)), chromedp.WSURLReadTimeout(deadline))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to have one as root
	}
	ctx, cancelTime := context.WithTimeout(context.Background(), 2*deadline)
	ctx, cancelProgram := chromedp.NewExecAllocator(ctx, options...)
	ctx, cancelPage := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil { // waits for its end
			t.Errorf("end the browser: %v", err)
		}
		cancelPage()
		cancelProgram()
		cancelTime()
	})
	b := &browser{t, ctx}
	b.open("about:blank")
	return b
}

func (b *browser) do(action chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, action); err != nil {
		b.t.Fatalf("browser: %v; it shows:\n%s", err, b.text())
	}
}

// open goes to a URL, and returns when the page there is loaded.
func (b *browser) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// script runs a script in the page.
func (b *browser) script(text string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](text))
}

// text returns what the page shows, for somebody to read: it may be just leaving.
func (b *browser) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
	if err != nil {
		return err.Error()
	}
	return text
}

// await waits until an expression is true in the page, whichever page that is by
// then.
func (b *browser) await(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, deadline)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		// An error comes from a page that is just being left.
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			b.t.Fatalf("never true in the page: %s; it shows:\n%s", expression, b.text())
		}
	}
}

// awaitText waits until the page shows some texts, and all of it is there.
func (b *browser) awaitText(texts ...string) {
	b.t.Helper()
	b.await(`document.readyState === "complete" && ` + quoted(texts) + `.every(text => document.body.innerText.includes(text))`)
}

// value returns what an expression is in the page.
func (b *browser) value(expression string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		b.t.Errorf("%s: %v", expression, err)
	}
	return text
}
