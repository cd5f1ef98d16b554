package main

import (
	"os"
	"testing"
)

func TestProcfs(t *testing.T) {
	pid := os.Getpid()
	before, err := cpuTime(pid)
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for after == before { // until the work is worth a tick
		if after, err = cpuTime(pid); err != nil {
			t.Fatal(err)
		}
	}
	m, err := memoryOf(pid)
	if err != nil || m.resident < 1<<20 || m.anonymous <= 0 || m.resident < m.anonymous+m.file {
		t.Errorf("memory %+v, %v", m, err)
	}
	if err := resetPeak(pid); err != nil {
		t.Error(err)
	}
	if now, err := memoryOf(pid); err != nil || now.peak < now.resident/2 {
		t.Errorf("memory %+v, %v", now, err)
	}
	open, err := descriptors(pid)
	if err != nil || open < 3 {
		t.Errorf("%d descriptors, %v", open, err)
	}
}
