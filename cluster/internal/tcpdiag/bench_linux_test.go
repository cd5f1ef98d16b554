package tcpdiag

import (
	"fmt"
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// crowded is a listener with n accepted connections. Both ends are in this
// process, so that it has 2n sockets.
func crowded(b *testing.B, n int) net.Listener {
	b.Helper()
	l := listen(b, "tcp4", "127.0.0.1:0", false)
	for range n {
		dial(b, l, "127.0.0.1", false)
		accept(b, l)
	}
	return l
}

// cpuTime is what this process has used, in nanoseconds, by the kernel's
// account, which the machine's other load does not change.
func cpuTime(b *testing.B) int64 {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func reportCPU(b *testing.B, before int64) {
	b.Helper()
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// BenchmarkEstablished measures the list of one port's connections. With 0 it
// is the walk through the kernel's table alone.
func BenchmarkEstablished(b *testing.B) {
	for _, n := range []int{0, 100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := crowded(b, n)
			var r Reader
			defer r.Close()
			b.ReportAllocs()
			before := cpuTime(b)
			for b.Loop() {
				mustList(b, &r, l)
			}
			reportCPU(b, before)
		})
	}
}

// BenchmarkBystanders measures the list of a port without connections beside
// one with 5,000.
func BenchmarkBystanders(b *testing.B) {
	crowded(b, 5000)
	l := crowded(b, 0)
	var r Reader
	defer r.Close()
	before := cpuTime(b)
	for b.Loop() {
		mustList(b, &r, l)
	}
	reportCPU(b, before)
}

// BenchmarkByOwner measures the join with a process that holds 2n sockets.
func BenchmarkByOwner(b *testing.B) {
	for _, n := range []int{100, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := crowded(b, n)
			var r Reader
			defer r.Close()
			conns := mustList(b, &r, l)
			b.ReportAllocs()
			before := cpuTime(b)
			for b.Loop() {
				ByOwner(conns, map[int][]int{1: {os.Getpid()}})
			}
			reportCPU(b, before)
		})
	}
}
