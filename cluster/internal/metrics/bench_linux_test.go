package metrics

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkSample measures a whole sample with four workers. cpu-ns/op is CPU
// time by the kernel's account, which the machine's other load does not change.
func BenchmarkSample(b *testing.B) {
	var roots []int
	for range 4 {
		roots = append(roots, startIdle(b))
	}
	s := New(os.Getpid())
	now := time.Unix(1_700_000_000, 0)
	s.Sample(now, roots)
	b.ReportAllocs()
	before := accounted(unix.RUSAGE_SELF)
	for b.Loop() {
		now = now.Add(time.Second)
		s.Sample(now, roots)
	}
	b.ReportMetric(float64(accounted(unix.RUSAGE_SELF)-before)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(len(s.trees.kinship.listed)), "processes")
}

// BenchmarkProcess measures the reading of one process.
func BenchmarkProcess(b *testing.B) {
	fs := &procfs{}
	b.ReportAllocs()
	for b.Loop() {
		fs.process(os.Getpid())
	}
}

func startIdle(b *testing.B) (pid int) {
	b.Helper()
	cmd := roleCommand("burner")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return cmd.Process.Pid
}
