package router

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// descriptors returns how many this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

// TestMoveClosesItsPipes moves a body each way and counts descriptors.
func TestMoveClosesItsPipes(t *testing.T) {
	body := strings.Repeat("b", 4*pipeSize)
	head := "Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
	w := newWorker(t, func(_ *worker, c sock) {
		if n, _ := io.CopyN(io.Discard, c, int64(len("PUT / HTTP/1.1\r\n"+head+body))); n > int64(len(body)) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\n"+head+body)
			_, _ = io.Copy(io.Discard, c)
		}
	})
	before := descriptors(t)
	r := New(Options{})
	p := r.Listen(listenAnywhere())
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, "PUT / HTTP/1.1\r\n"+head+body)
	expect(t, c, "HTTP/1.1 200 OK\r\n"+head+body)
	quietStats(t, r)
	if n := len(r.pipes.spare); n == 0 || n > sparePipes {
		t.Errorf("%d spare pipes", n)
	}
	r.Close()
	c.Close()
	w.stop()
	if after := descriptors(t); after >= before { // the worker's listener is gone
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

// TestMoveWithoutPipes allows no new descriptor before a body comes.
func TestMoveWithoutPipes(t *testing.T) {
	response := "HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(4*bulkMin) + "\r\n\r\n" + strings.Repeat("b", 4*bulkMin)
	asked, scarce := make(chan struct{}), make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, getRequest)
		close(asked)
		<-scarce
		fmt.Fprint(c, response)
	})
	r, p := newRouter(t, Options{})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	<-asked
	limitDescriptors(t)
	close(scarce)
	expect(t, c, response)
	if n := len(r.pipes.spare); n != 0 {
		t.Errorf("%d pipes", n)
	}
}

// limitDescriptors lets the process open no more until the test ends.
func limitDescriptors(t *testing.T) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	free, err := syscall.Dup(0) // the lowest that is free
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Close(free)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: uint64(free), Max: limit.Max}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
			t.Error(err)
		}
	})
}
