package adopt

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

// publicPort is what programs bind; nobody holds it in truth.
const publicPort = "18080"

// TestProgramsShareAPort runs two copies each of other people's servers, which
// want the same port, and talks to each at its private address.
func TestProgramsShareAPort(t *testing.T) {
	for name, argv := range map[string][]string{
		"go":                {goServer(t), "serve", "tcp", ":" + publicPort},
		"node":              {node(t), "testdata/server.js", "", publicPort},
		"node on 127.0.0.1": {node(t), "testdata/server.js", "127.0.0.1", publicPort},
		"python":            {python(t), "-m", "http.server", publicPort},
		"python loopback":   {python(t), "-m", "http.server", "--bind", "127.0.0.1", publicPort},
	} {
		t.Run(name, func(t *testing.T) {
			one, two := newHost(), newHost()
			a, b := adopted(t, one, argv[0], argv[1:]...), adopted(t, two, argv[0], argv[1:]...)
			for _, w := range []*worker{a, b} {
				addr := w.host.awaitListening(t)
				if strconv.Itoa(int(addr.Port())) != publicPort {
					t.Errorf("the private port is %d", addr.Port())
				}
				getOK(t, addr)
				want := "pid " + strconv.Itoa(w.cmd.Process.Pid) + " "
				if who := Holder(addr); !strings.HasPrefix(who, want) {
					t.Errorf("%s is held by %q, want %s", addr, who, want)
				}
			}
		})
	}
}

func getOK(t *testing.T, addr netip.AddrPort) {
	t.Helper()
	client := &http.Client{Timeout: deadline, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + addr.String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("GET from %s: %s, %v", addr, resp.Status, err)
	}
}

// answerFrom connects and returns the pid that answers.
func answerFrom(t *testing.T, network, addr string) int {
	t.Helper()
	conn, err := net.DialTimeout(network, addr, deadline)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(network, "udp") {
		if _, err := conn.Write([]byte("?")); err != nil {
			t.Fatal(err)
		}
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatalf("%s: %v", addr, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("answer %q", line)
	}
	return pid
}

// expectAnswer checks that it is the worker itself that answers at addr.
func expectAnswer(t *testing.T, w *worker, addr netip.AddrPort) {
	t.Helper()
	if pid := answerFrom(t, "tcp", addr.String()); pid != w.cmd.Process.Pid {
		t.Errorf("%d answers at %s, want %d", pid, addr, w.cmd.Process.Pid)
	}
}

func TestKindsOfAddress(t *testing.T) {
	for _, test := range []struct {
		name, host, v6only string
		want               string
		only6              bool
	}{
		{"IPv4 wildcard", "0.0.0.0", "", "0.0.0.0:18080", false},
		{"IPv4 loopback", "127.0.0.1", "", "127.0.0.1:18080", false},
		{"IPv6 wildcard, dual stack", "::", "0", "[::]:18080", false},
		{"IPv6 wildcard alone", "::", "1", "[::]:18080", true},
		{"IPv6 loopback alone", "::1", "1", "[::1]:18080", true},
		{"IPv6 loopback", "::1", "0", "[::1]:18080", false},
		{"IPv4 in IPv6", "::ffff:127.0.0.1", "0", "[::ffff:127.0.0.1]:18080", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			host := newHost()
			args := []string{"serve", test.host, publicPort}
			if test.v6only != "" {
				args = append(args, test.v6only)
			}
			w := sockets(t, host, args...)
			expectAnswer(t, w, host.awaitListening(t))
			want := Bind{Want: netip.MustParseAddrPort(test.want), V6Only: test.only6}
			if got := host.asked(); len(got) != 1 || got[0] != want {
				t.Errorf("the host was asked for %v, want %v", got, want)
			}
		})
	}
}

func TestGoOnIPv6(t *testing.T) {
	host := newHost()
	w := adopted(t, host, goServer(t), "serve", "tcp6", "[::1]:"+publicPort)
	getOK(t, host.awaitListening(t))
	w.expect("serving")
	if got := host.asked(); len(got) != 1 || !got[0].V6Only {
		t.Errorf("the host was asked for %v", got)
	}
}

func TestSeveralPorts(t *testing.T) {
	host := newHost()
	w := adopted(t, host, goServer(t), "serve", "tcp", ":18080", "127.0.0.1:18081", ":18082")
	seen := map[uint16]bool{}
	for range 3 {
		addr := host.awaitListening(t)
		seen[addr.Port()] = true
		getOK(t, addr)
	}
	w.expect("serving")
	if len(seen) != 3 {
		t.Errorf("ports %v", seen)
	}
}

// TestPreemptionDuringBind has a program bind while its runtime and this test
// interrupt it with SIGURG all the time.
func TestPreemptionDuringBind(t *testing.T) {
	host := newHost()
	w := adopted(t, host, goServer(t), "ports", "127.0.0.1:18100", "200")
	bound, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-bound:
				return
			case <-time.After(100 * time.Microsecond): // leaves the program a part of the machine
				_ = w.cmd.Process.Signal(urgent)
			}
		}
	}()
	w.expect("bound 200")
	close(bound)
	<-stopped
	seen := map[netip.AddrPort]bool{}
	for range 200 {
		seen[host.awaitListening(t)] = true
	}
	if len(seen) != 200 || len(host.moved) != 0 {
		t.Errorf("%d different addresses, %d moved", len(seen), len(host.moved))
	}
}
