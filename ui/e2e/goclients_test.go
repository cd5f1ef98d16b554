//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// goTalks posts bodies of several sizes from many goroutines, in each protocol.
func goTalks(t *testing.T, p protocols) {
	t.Helper()
	for _, proto := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(proto, func(t *testing.T) {
			tr := &http.Transport{Protocols: new(http.Protocols)}
			tr.Protocols.SetHTTP1(proto == "HTTP/1.1")
			tr.Protocols.SetUnencryptedHTTP2(proto == "HTTP/2.0")
			defer tr.CloseIdleConnections()
			client := &http.Client{Transport: tr, Timeout: deadline}
			var all sync.WaitGroup
			for i := range 16 {
				all.Go(func() {
					for _, size := range []int{0, 1, 5000, 300_000} {
						if err := postEcho(client, "http://"+p.http+"/echo", proto, strings.Repeat(string(rune('a'+i)), size)); err != nil {
							t.Errorf("%d bytes: %v", size, err)
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// postEcho sends a body whose length is not told, so that it is chunked in
// HTTP/1.1, and wants it back, and the trailer after it.
func postEcho(client *http.Client, url, proto, body string) error {
	req, err := http.NewRequest(http.MethodPost, url, io.MultiReader(strings.NewReader(body)))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.Proto != proto || resp.StatusCode != http.StatusOK || string(got) != body {
		return fmt.Errorf("answered %s %s with %d bytes", resp.Proto, resp.Status, len(got))
	}
	if n := resp.Trailer.Get("X-Bytes"); n != fmt.Sprint(len(body)) {
		return fmt.Errorf("the trailer says %q bytes", n)
	}
	return nil
}

// webSocketTalks sends messages of several sizes on two connections, asks for a
// pong, and closes as the protocol wants it.
func webSocketTalks(t *testing.T, p protocols) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	var conns []*websocket.Conn
	for range 2 {
		c, resp, err := websocket.Dial(ctx, "ws://"+p.http+"/ws", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body != nil {
			defer resp.Body.Close()
		}
		defer func() { _ = c.CloseNow() }()
		c.SetReadLimit(-1)
		conns = append(conns, c)
	}
	for _, size := range []int{0, 1, 125, 126, 70_000, 1 << 20} {
		for i, c := range conns {
			message := bytes.Repeat([]byte{byte(i + 1)}, size)
			if err := c.Write(ctx, websocket.MessageBinary, message); err != nil {
				t.Fatal(err)
			}
			kind, got, err := c.Read(ctx)
			if err != nil || kind != websocket.MessageBinary || !bytes.Equal(got, message) {
				t.Errorf("%d bytes: %v of %d bytes, %v", size, kind, len(got), err)
			}
		}
	}
	for _, c := range conns {
		read := c.CloseRead(ctx) // pongs are read there
		if err := c.Ping(ctx); err != nil {
			t.Error(err)
		}
		if err := c.Close(websocket.StatusNormalClosure, "enough"); err != nil {
			t.Error(err)
		}
		<-read.Done()
	}
}

// grpcTalks makes calls, good and bad ones, on several connections, and keeps a
// stream open meanwhile.
func grpcTalks(t *testing.T, p protocols) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	for range 3 {
		conn, err := grpc.NewClient(p.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		health := grpc_health_v1.NewHealthClient(conn)
		stream, err := health.Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			got, err := health.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
			if err != nil || got.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
				t.Errorf("check: %v, %v", got, err)
			}
		}
		_, err = health.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: strings.Repeat("no", 50_000)})
		if status.Code(err) != codes.NotFound {
			t.Errorf("check of a service that there is not: %v", err)
		}
		got, err := stream.Recv()
		if err != nil || got.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
			t.Errorf("watch: %v, %v", got, err)
		}
	}
}

// TestGRPCFollowsTheWorkers makes calls on connections that stay open while all
// workers are replaced. None fails, and no worker is held up by a connection.
func TestGRPCFollowsTheWorkers(t *testing.T) {
	p := startProtocols(t, "--stop-timeout", "10m")
	ctx, cancel := context.WithTimeout(t.Context(), 2*deadline) // as long as the program may run
	defer cancel()
	var calls, failed atomic.Int64
	var stop atomic.Bool
	var all sync.WaitGroup
	for range 3 {
		conn, err := grpc.NewClient(p.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		health := grpc_health_v1.NewHealthClient(conn)
		for range 4 {
			all.Go(func() {
				for !stop.Load() {
					if _, err := health.Check(ctx, &grpc_health_v1.HealthCheckRequest{}); err != nil && failed.Add(1) == 1 {
						t.Errorf("the first of the calls to fail: %v", err)
					}
					calls.Add(1)
				}
			})
		}
	}
	for range 3 {
		p.master.signal(syscall.SIGUSR2)
		p.master.awaitEvent("reload_done")
	}
	stop.Store(true)
	all.Wait()
	if failed.Load() > 0 || calls.Load() == 0 {
		t.Errorf("%d of %d calls failed", failed.Load(), calls.Load())
	}
}
