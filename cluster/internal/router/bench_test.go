package router

import (
	"io"
	"net"
	"testing"
)

// BenchmarkRouted carries requests one after the other over one kept
// connection, client and worker in this process included; neither allocates.
func BenchmarkRouted(b *testing.B) {
	r, p := newRouter(b, Options{})
	w := newWorker(b, func(_ *worker, c sock) { answerAll(c) })
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(b, p.Addr())
	roundTrips(b, c)
}

// BenchmarkDirect is BenchmarkRouted without the router.
func BenchmarkDirect(b *testing.B) {
	w := newWorker(b, func(_ *worker, c sock) { answerAll(c) })
	c, err := net.Dial("tcp", addrOf(w.ln).String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	roundTrips(b, c)
}

// BenchmarkTunnel is BenchmarkRouted through a tunnel, as a WebSocket's echo.
func BenchmarkTunnel(b *testing.B) {
	r, p := newRouter(b, Options{})
	w := newWorker(b, func(w *worker, c sock) {
		w.request(c, "\x01")
		answerAll(c)
	})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(b, p.Addr())
	if _, err := io.WriteString(c, "\x01"); err != nil {
		b.Fatal(err)
	}
	roundTrips(b, c)
}

// BenchmarkObserve reads the head of a browser's request.
func BenchmarkObserve(b *testing.B) {
	head := []byte(browserRequest)
	b.SetBytes(int64(len(head)))
	b.ReportAllocs()
	for b.Loop() {
		var q request
		q.reset()
		if q.observe(head) != certain {
			b.Fatal("not certain")
		}
	}
}

func roundTrips(b *testing.B, c net.Conn) {
	b.Helper()
	request, response := []byte(getRequest), make([]byte, len(okResponse))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(request); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(c, response); err != nil {
			b.Fatal(err)
		}
	}
}

// answerAll answers each getRequest with okResponse.
func answerAll(c net.Conn) {
	request, response := make([]byte, len(getRequest)), []byte(okResponse)
	for {
		if _, err := io.ReadFull(c, request); err != nil {
			return
		}
		if _, err := c.Write(response); err != nil {
			return
		}
	}
}

const browserRequest = "GET /app/index.html?x=1 HTTP/1.1\r\nHost: localhost:8080\r\n" +
	"Connection: keep-alive\r\nCache-Control: max-age=0\r\n" +
	"sec-ch-ua: \"Chromium\";v=\"140\", \"Not?A_Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\n" +
	"sec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" +
	"Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n" +
	"Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n\r\n"
