package metrics

import (
	"io/fs"
	"strconv"
	"strings"
)

// groupFiles reads the files of one control group. A file that is missing, as
// those of a controller that is switched off are, is like one without a limit.
type groupFiles struct {
	root fs.FS
	dir  string
}

func (g groupFiles) words(name string) []string {
	text, err := fs.ReadFile(g.root, g.dir+"/"+name)
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}

// number reads a file that holds one number. ok is false for anything else,
// such as the word "max".
func (g groupFiles) number(name string) (n int64, ok bool) {
	words := g.words(name)
	if len(words) != 1 {
		return 0, false
	}
	n, err := strconv.ParseInt(words[0], 10, 64)
	return n, err == nil
}

// entry reads one number of a file that holds pairs of name and number.
func (g groupFiles) entry(file, name string) int64 {
	words := g.words(file)
	for i := 0; i+1 < len(words); i += 2 {
		if words[i] == name {
			n, _ := strconv.ParseInt(words[i+1], 10, 64)
			return n
		}
	}
	return 0
}

// used returns what is left of a group's memory without the file pages that
// have not been used of late.
func (g groupFiles) used(file, inactive string) (int64, bool) {
	n, ok := g.number(file)
	if !ok {
		return 0, false
	}
	return max(0, n-g.entry("memory.stat", inactive)), true
}

// coresOf divides a quota by its period, both in microseconds.
func coresOf(quota, period int64) float64 {
	if quota <= 0 || period <= 0 {
		return 0
	}
	return float64(quota) / float64(period)
}

// groupV1 is a group of version 1
// (Documentation/scheduler/sched-bwc.rst, admin-guide/cgroup-v1/memory.rst).
type groupV1 struct{ groupFiles }

func (g groupV1) cpuQuota() float64 {
	quota, _ := g.number("cpu.cfs_quota_us") // -1 without a limit
	period, _ := g.number("cpu.cfs_period_us")
	return coresOf(quota, period)
}

func (g groupV1) memoryLimit() int64 {
	limit, _ := g.number("memory.limit_in_bytes") // close to 1<<63 without one
	return max(0, limit)
}

func (g groupV1) memoryUsed() (int64, bool) {
	return g.used("memory.usage_in_bytes", "total_inactive_file")
}

// groupV2 is a group of version 2 (admin-guide/cgroup-v2.rst).
type groupV2 struct{ groupFiles }

func (g groupV2) cpuQuota() float64 {
	words := g.words("cpu.max") // "max 100000" without a limit
	if len(words) != 2 {
		return 0
	}
	quota, _ := strconv.ParseInt(words[0], 10, 64)
	period, _ := strconv.ParseInt(words[1], 10, 64)
	return coresOf(quota, period)
}

func (g groupV2) memoryLimit() int64 {
	limit, _ := g.number("memory.max") // "max" without one
	return max(0, limit)
}

func (g groupV2) memoryUsed() (int64, bool) {
	return g.used("memory.current", "inactive_file")
}
