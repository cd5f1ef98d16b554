package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// programArg makes the test binary one of the programs below: what the tests
// run as workers.
const programArg = "cluster-test-program"

func TestMain(m *testing.M) {
	RunRole()
	if len(os.Args) > 2 && os.Args[1] == programArg {
		if err := runProgram(os.Args[2], os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, "Error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// systemPrograms are those that only some systems can run.
var systemPrograms = map[string]func(args []string) error{}

// program returns the command that runs one of the programs.
func program(name string, args ...string) []string {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return append([]string{exe, programArg, name}, args...)
}

func runProgram(name string, args []string) error {
	switch name {
	case "http": // ADDR
		return serve(args[0])
	case "h2c": // ADDR
		return serveH2C(args[0])
	case "upgrade": // ADDR
		return serveUpgrades(args[0])
	case "graceful": // ADDR
		return serveGracefully(args[0])
	case "closing": // ADDR
		return serveAndClose(args[0])
	case "deaf": // ADDR
		signal.Ignore(syscall.SIGTERM)
		return serve(args[0])
	case "port":
		return serve("127.0.0.1:" + os.Getenv("PORT"))
	case "notify": // ADDR STATE
		return serveAndNotify(args[0], args[1])
	case "passed":
		return servePassed()
	case "greet": // ADDR
		return greet(args[0])
	case "only6": // ADDR
		l, err := net.Listen("tcp6", args[0]) // which takes no IPv4
		if err != nil {
			return err
		}
		return serveOn(l)
	case "apart": // PORT
		return serveApart(args[0])
	case "clash": // PORT
		return serveDespiteClash(args[0])
	case "dial": // FROM TO
		return dialAndStay(args[0], args[1])
	case "flood":
		return floodStdout()
	}
	if run := systemPrograms[name]; run != nil {
		return run(args)
	}
	return fmt.Errorf("no program %q", name)
}

// serve is an HTTP server like any other.
func serve(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return serveOn(l)
}

func serveOn(l net.Listener) error {
	http.HandleFunc("/", echo)
	http.HandleFunc("/missing", http.NotFound)
	return http.Serve(l, nil)
}

// echo says who answers, and what was said to it.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body) // the client says how long it takes
	if err != nil {
		return
	}
	fmt.Fprintf(w, "%s %d %s", os.Getenv("GCL_WORKER"), os.Getpid(), body)
}

// serveAndClose closes its listener when it is asked to, and lives on. It takes
// care of nothing but the connections that it has.
func serveAndClose(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	http.HandleFunc("/close", func(http.ResponseWriter, *http.Request) { _ = l.Close() })
	_ = serveOn(l)
	select {}
}

// serveApart has a socket for each of IPv6 and IPv4, in that order.
func serveApart(port string) error {
	var both [2]net.Listener
	for i, network := range []string{"tcp6", "tcp4"} {
		l, err := net.Listen(network, ":"+port)
		if err != nil {
			return err
		}
		both[i] = l
	}
	go func() { _ = http.Serve(both[0], nil) }() // as long as the other one
	return serveOn(both[1])
}

// serveDespiteClash has a socket at one address, and tries to have one at all.
func serveDespiteClash(port string) error {
	l, err := net.Listen("tcp4", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	if _, err := net.Listen("tcp4", ":"+port); !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on all addresses: %w, want %w", err, syscall.EADDRINUSE)
	}
	return serveOn(l)
}

// serveGracefully says of which generation it is. It ends on SIGTERM when it has answered all that it was asked, and
// closes the connections on which nobody asks.
func serveGracefully(addr string) error {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	s := &http.Server{Addr: addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s %d %s", os.Getenv("GCL_WORKER"), os.Getpid(), os.Getenv("GCL_GENERATION"))
	})}
	ended := make(chan error, 1)
	go func() {
		<-asked
		ended <- s.Shutdown(context.Background())
	}()
	if err := s.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-ended
}

// serveH2C is a server that speaks HTTP/2 without TLS, and says who it is.
func serveH2C(addr string) error {
	s := &http.Server{Addr: addr, Protocols: new(http.Protocols)}
	s.Protocols.SetUnencryptedHTTP2(true)
	s.Handler = http.HandlerFunc(sayWho)
	return s.ListenAndServe()
}

// serveUpgrades is a server whose connections become something else.
func serveUpgrades(addr string) error {
	return http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		_, _ = rw.WriteString(upgraded)
		_ = rw.Flush()
		_, _ = io.Copy(c, rw)
	}))
}

const upgraded = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"

func sayWho(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, os.Getenv("GCL_GENERATION"), " ", os.Getpid())
}

func serveAndNotify(addr, state string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	c, err := net.Dial("unixgram", os.Getenv("NOTIFY_SOCKET"))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c, "STATUS=about to serve\n%s\n", state); err != nil {
		return err
	}
	return serveOn(l)
}

// servePassed serves on the socket that sd_listen_fds(3) tells of.
func servePassed() error {
	if os.Getenv("LISTEN_FDS") != "1" || os.Getenv("LISTEN_PID") != fmt.Sprint(os.Getpid()) {
		return fmt.Errorf("LISTEN_FDS=%s LISTEN_PID=%s", os.Getenv("LISTEN_FDS"), os.Getenv("LISTEN_PID"))
	}
	l, err := net.FileListener(os.NewFile(3, "passed"))
	if err != nil {
		return err
	}
	return serveOn(l)
}

// greeting is neither HTTP/1.x nor HTTP/2.
const greeting = "hello, whoever you are\n"

// greet answers whatever it is told with the greeting.
func greet(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() { // ends with the client
			defer func() { _ = c.Close() }()
			if _, err := c.Read(make([]byte, 1)); err == nil {
				_, _ = io.WriteString(c, greeting)
				_ = c.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, c)
			}
		}()
	}
}

// floodBytes is how much the flood program writes before it stays silent.
const (
	floodBytes = 100 << 20
	floodEnd   = "flooded"
)

func floodStdout() error {
	lines := bytes.Repeat([]byte(strings.Repeat("0123456789abcde ", 63)+"0123456789abcde\n"), 64)
	for range floodBytes / len(lines) {
		if _, err := os.Stdout.Write(lines); err != nil {
			return err
		}
	}
	fmt.Println(floodEnd)
	select {}
}

// dialAndStay is a client that has a port of its own choice.
func dialAndStay(from, to string) error {
	local, err := net.ResolveTCPAddr("tcp", from)
	if err != nil {
		return err
	}
	d := net.Dialer{LocalAddr: local}
	c, err := d.Dial("tcp", to)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, c)
	return err
}
