package tcpdiag

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// roleVar makes the test binary play a worker instead of running the tests.
const roleVar = "TCPDIAG_TEST_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv(roleVar) == "worker" {
		if err := runWorker(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// runWorker shares the listener at descriptor 3 and obeys commands, answering
// each with a line: "accept" takes one connection, "read" takes one byte from
// the newest, "write" sends 1000 bytes to it, "end" waits for its end, "close" closes
// it.
func runWorker(in io.Reader, out io.Writer) error {
	l, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		return err
	}
	var conns []net.Conn
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		verb := lines.Text()
		if verb == "accept" {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			conns = append(conns, c)
		} else if conns, err = obey(verb, conns); err != nil {
			return err
		}
		fmt.Fprintln(out, "done", verb)
	}
	return lines.Err()
}

func obey(verb string, conns []net.Conn) ([]net.Conn, error) {
	newest := conns[len(conns)-1]
	switch verb {
	case "read":
		_, err := io.ReadFull(newest, make([]byte, 1))
		return conns, err
	case "write":
		_, err := newest.Write(make([]byte, 1000))
		return conns, err
	case "end":
		_, err := newest.Read(make([]byte, 1))
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return conns, err
	case "close":
		return conns[:len(conns)-1], newest.Close()
	}
	return nil, fmt.Errorf("unknown command %q", verb)
}
