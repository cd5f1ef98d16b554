package tcpdiag

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSummarize(t *testing.T) {
	conns := []Conn{
		{Inode: 1, BytesIn: 10, BytesOut: 100, RTT: 5},
		{Inode: 2, BytesIn: 20, BytesOut: 200}, // not measured
		{Inode: 3, BytesIn: 30, BytesOut: 300, RTT: 1},
		{Inode: 3, BytesIn: 31, BytesOut: 301, RTT: 100}, // another subflow
		{Inode: 4, BytesIn: 40, BytesOut: 400, RTT: 9},   // of nobody
		{Inode: 0, BytesIn: 50, BytesOut: 500, RTT: 9},   // not accepted
		{Inode: 5, BytesIn: 60, BytesOut: 600, RTT: 9},   // of an owner not known
	}
	got := summarize(conns, map[uint32]int{1: 1, 2: 1, 3: 1, 5: 3}, []int{1, 2})
	want := map[int]Summary{
		1: {Conns: 3, BytesIn: 91, BytesOut: 901, RTT: 5},
		2: {},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMedian(t *testing.T) {
	for _, tc := range []struct {
		in   []time.Duration
		want time.Duration
	}{
		{nil, 0},
		{[]time.Duration{7}, 7},
		{[]time.Duration{9, 1}, 5},
		{[]time.Duration{100, 1, 7}, 7},
		{[]time.Duration{1000, 2, 4, 1}, 3},
	} {
		if got := median(tc.in); got != tc.want {
			t.Errorf("%v: %v, want %v", tc.in, got, tc.want)
		}
	}
}
