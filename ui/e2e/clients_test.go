//go:build linux

package e2e

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// protocols is two workers of testdata/protocols, routed.
type protocols struct {
	http, grpc string // HOST:PORT
	master     *headless
}

func startProtocols(t *testing.T, flags ...string) protocols {
	t.Helper()
	server := filepath.Join(t.TempDir(), "protocols")
	args := append([]string{"build", "-o", server}, raceFlags...)
	if out, err := exec.Command("go", append(args, "./testdata/protocols")...).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	p := protocols{http: freePort(t), grpc: freePort(t)}
	h := startHeadless(t, []string{"PORT=" + p.http, "GRPC_PORT=" + p.grpc}, append(flags, "-n", "2", server)...)
	left := map[string]int{"worker_ready": 2, "port_opened": 2} // in some order
	h.await("two workers and two ports", func(e event) bool {
		left[e.Event]--
		return left["worker_ready"] <= 0 && left["port_opened"] <= 0
	})
	return protocols{"127.0.0.1:" + p.http, "127.0.0.1:" + p.grpc, h}
}

// TestClients has other people's clients talk to workers through the router.
func TestClients(t *testing.T) {
	p := startProtocols(t)
	for name, test := range map[string]func(*testing.T, protocols){
		"curl": curlTalks, "h2load": h2loadTalks, "wrk": wrkTalks,
		"net/http": goTalks, "WebSocket": webSocketTalks, "gRPC": grpcTalks,
	} {
		t.Run(name, func(t *testing.T) { test(t, p) })
	}
}

// clientProgram runs a program to its end and returns what it has said. That it
// is missing is a failure: CI installs it.
func clientProgram(t *testing.T, stdin []byte, argv ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return string(out)
}

// curlTalks asks in each way curl knows. What it prints are the heads of all
// responses, and the body.
func curlTalks(t *testing.T, p protocols) {
	t.Helper()
	echo, chunks := "http://"+p.http+"/echo", "http://"+p.http+"/chunks"
	body := strings.Repeat("0123456789abcdef", 8<<10) // 128 KB
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		want  []string
	}{
		{"GET", []string{echo}, "", []string{"HTTP/1.1 200 OK", "X-Seen: GET HTTP/1.1 0"}},
		{"HEAD", []string{"-I", echo}, "", []string{"HTTP/1.1 200 OK", "X-Seen: HEAD HTTP/1.1 0"}},
		{"HTTP/1.0", []string{"-0", chunks}, "", []string{"HTTP/1.0 200 OK", "piece 4\n"}},
		{"HTTP/1.0 with a body", []string{"-0", "--data-binary", "@-", echo}, "some body", []string{"X-Seen: POST HTTP/1.0 9", "some body"}},
		{"chunks down", []string{chunks}, "", []string{"Transfer-Encoding: chunked", "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n"}},
		{"upload", []string{"-T", "-", "-H", "Transfer-Encoding:", "-H", "Content-Length: 131072", echo}, body, []string{"X-Seen: PUT HTTP/1.1 131072", body}},
		{"chunked upload", []string{"-T", "-", echo}, body, []string{"X-Seen: PUT HTTP/1.1 -1", body, "X-Bytes: 131072"}},
		{"100-continue", []string{"--data-binary", "@-", "-H", "Expect: 100-continue", "--expect100-timeout", "60", echo}, body, []string{"HTTP/1.1 100 Continue", "X-Seen: POST HTTP/1.1 131072", body}},
		{"upgrade to h2c, which is refused", []string{"--http2", echo}, "", []string{"HTTP/1.1 200 OK", "X-Seen: GET HTTP/1.1 0"}},
		{"h2c", []string{"--http2-prior-knowledge", "--data-binary", "@-", echo}, body, []string{"HTTP/2 200", "x-seen: POST HTTP/2.0 131072", body}},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := clientProgram(t, []byte(c.stdin), append([]string{"curl", "-sS", "--fail", "-D", "-"}, c.args...)...)
			said = strings.ReplaceAll(said, "\r\n", "\n")
			for _, want := range c.want {
				if !strings.Contains(said, want) {
					t.Errorf("no %.80q in %.600q", want, said)
				}
			}
		})
	}
	t.Run("kept connection", func(t *testing.T) {
		said := clientProgram(t, nil, "curl", "-sS", "--fail", "-w", "new %{num_connects}\n", chunks, chunks, echo)
		if n := strings.Count(said, "new 0\n"); n != 2 || !strings.Contains(said, "new 1\n") {
			t.Errorf("of three requests the second and third should use the connection of the first: %q", said)
		}
	})
}

// h2loadTalks has many streams on a few connections, and the same in HTTP/1.1.
func h2loadTalks(t *testing.T, p protocols) {
	t.Helper()
	for _, args := range [][]string{{"-c", "4", "-m", "16"}, {"-c", "8", "--h1"}} {
		said := clientProgram(t, nil, append(append([]string{"h2load", "-n", "2000"}, args...), "http://"+p.http+"/chunks")...)
		const want = "requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout"
		if !strings.Contains(said, want) {
			t.Errorf("h2load %v:\n%s", args, said)
		}
	}
}

// wrkTalks is a short load, kept connections and new ones.
func wrkTalks(t *testing.T, p protocols) {
	t.Helper()
	good := regexp.MustCompile(`(?m)^ +[1-9]\d* requests in `)
	bad := regexp.MustCompile(`Socket errors|Non-2xx`)
	for _, header := range []string{"Connection: keep-alive", "Connection: close"} {
		said := clientProgram(t, nil, "wrk", "-t1", "-c16", "-d2s", "--timeout", "60s", "-H", header, "http://"+p.http+"/echo")
		if !good.MatchString(said) || bad.MatchString(said) {
			t.Errorf("with %q wrk says:\n%s", header, said)
		}
	}
}
