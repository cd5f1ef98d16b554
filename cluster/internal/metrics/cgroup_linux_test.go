package metrics

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const (
	mountV2  = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	mountCPU = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct\n"
	mountMem = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	mountPID = "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
	mountExt = "23 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
)

func TestLimitsOfGroups(t *testing.T) {
	for _, tc := range []struct {
		name              string
		mounts, groups    string
		files             map[string]string
		quota             float64
		memory, groupUsed int64
	}{
		{
			name:   "version 2, no limits",
			mounts: mountExt + mountV2, groups: "0::/user.slice/run.scope\n",
			files: map[string]string{
				"user.slice/run.scope/cpu.max":    "max 100000\n",
				"user.slice/run.scope/memory.max": "max\n",
			},
		},
		{
			name:   "version 2, nested, the tightest outside",
			mounts: mountV2, groups: "0::/a/b/c\n",
			files: map[string]string{
				"a/b/c/cpu.max":        "400000 100000\n",
				"a/b/cpu.max":          "max 100000\n",
				"a/cpu.max":            "75000 50000\n",
				"a/b/memory.max":       "1000\n",
				"a/memory.max":         "2000\n",
				"a/b/memory.current":   "700\n",
				"a/b/memory.stat":      "anon 300\ninactive_file 150\nactive_file 250\n",
				"a/memory.current":     "1900\n",
				"sibling/cpu.max":      "1000 100000\n",
				"a/b/c/d/cpu.max":      "1000 100000\n",
				"a/b/c/memory.max":     "max\n",
				"a/b/c/memory.current": "5\n",
			},
			quota: 1.5, memory: 1000, groupUsed: 550,
		},
		{
			name:   "version 1",
			mounts: mountCPU + mountMem + mountPID,
			groups: "9:pids:/x\n5:memory:/docker/one\n4:cpu,cpuacct:/docker/two\n",
			files: map[string]string{
				"cpu,cpuacct/docker/two/cpu.cfs_quota_us":  "50000\n",
				"cpu,cpuacct/docker/two/cpu.cfs_period_us": "100000\n",
				"cpu,cpuacct/docker/cpu.cfs_quota_us":      "-1\n",
				"cpu,cpuacct/docker/cpu.cfs_period_us":     "100000\n",
				"memory/docker/one/memory.limit_in_bytes":  "4096\n",
				"memory/docker/one/memory.usage_in_bytes":  "3000\n",
				"memory/docker/one/memory.stat":            "inactive_file 9\ntotal_inactive_file 1000\n",
				"memory/memory.limit_in_bytes":             "9223372036854771712\n",
			},
			quota: 0.5, memory: 4096, groupUsed: 2000,
		},
		{
			name:   "both at once",
			mounts: mountCPU + strings.Replace(mountV2, "/sys/fs/cgroup ", "/sys/fs/cgroup/unified ", 1),
			groups: "4:cpu,cpuacct:/\n0::/v2\n",
			files: map[string]string{
				"cpu,cpuacct/cpu.cfs_quota_us":  "300000\n",
				"cpu,cpuacct/cpu.cfs_period_us": "100000\n",
				"unified/v2/memory.max":         "4096\n",
				"unified/v2/memory.current":     "10\n",
			},
			quota: 3, memory: 4096, groupUsed: 10,
		},
		{
			name:   "container that sees its outer path",
			mounts: "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup ro\n",
			groups: "0::/docker/abc/inner\n",
			files:  map[string]string{"cpu.max": "20000 100000\n", "inner/cpu.max": "30000 100000\n"},
			quota:  0.2,
		},
		{
			name:   "container whose root only resembles its path",
			mounts: "30 23 0:26 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup ro\n",
			groups: "0::/docker/abc\n",
			files:  map[string]string{"cpu.max": "20000 100000\n", "c/cpu.max": "10000 100000\n"},
			quota:  0.2,
		},
		{
			name:   "outside of its namespace",
			mounts: mountV2, groups: "0::/../../other\n",
			files: map[string]string{"other/cpu.max": "20000 100000\n"},
			quota: 0.2,
		},
		{
			name:   "spaces and colons in names",
			mounts: strings.Replace(mountV2, "/sys/fs/cgroup", `/sys/fs/cgroup/my\040groups`, 1),
			groups: "0::/a:b c\n",
			files:  map[string]string{"my groups/a:b c/cpu.max": "200000 100000\n"},
			quota:  2,
		},
		{
			name:   "nonsense in the files",
			mounts: mountV2, groups: "0::/a\n",
			files: map[string]string{"a/cpu.max": "100000 0\n", "cpu.max": "much\n", "a/memory.max": "-4\n"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := fstest.MapFS{
				"proc/7/cgroup":    {Data: []byte(tc.groups)},
				"proc/7/mountinfo": {Data: []byte(tc.mounts)},
			}
			for name, text := range tc.files {
				root["sys/fs/cgroup/"+name] = &fstest.MapFile{Data: []byte(text)}
			}
			l := limits{groups: groupsIn(root, 7), age: refreshEvery}
			l.refresh()
			if l.quota != tc.quota || l.memory != tc.memory {
				t.Fatalf("quota %v, memory %d; want %v, %d", l.quota, l.memory, tc.quota, tc.memory)
			}
			if tc.memory == 0 {
				return
			}
			if used, total := l.applyMemory(1<<40, 1<<41); used != tc.groupUsed || total != tc.memory {
				t.Errorf("%d of %d used, want %d of %d", used, total, tc.groupUsed, tc.memory)
			}
		})
	}
}

func TestNoGroupsWithoutProc(t *testing.T) {
	if got := groupsIn(fstest.MapFS{}, 7); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestChain(t *testing.T) {
	for _, tc := range []struct {
		root, group string
		want        []string
	}{
		{"/", "/", []string{"cg"}},
		{"/", "/a/b", []string{"cg/a/b", "cg/a", "cg"}},
		{"/a", "/a/b", []string{"cg/b", "cg"}},
		{"/a", "/a", []string{"cg"}},
		{"/a", "/ab", []string{"cg"}},
		{"/..", "/", []string{"cg"}},
		{"/", "", []string{"cg"}},
	} {
		got := mount{root: tc.root, point: "/cg"}.chain(tc.group)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("group %q in a mount of %q (-want +got):\n%s", tc.group, tc.root, diff)
		}
	}
}

func FuzzGroups(f *testing.F) {
	f.Add(mountExt+mountV2, "0::/a/b\n")
	f.Add(mountCPU+mountMem, "5:memory:/x\n4:cpu,cpuacct:/y\n")
	f.Add(`1 2 0:1 /\040 /\1 rw - cgroup2 x y`, "0::/../..\n")
	f.Fuzz(func(t *testing.T, mounts, groups string) {
		for _, m := range parseMounts(mounts) {
			group, ok := membership(groups, m)
			if !ok {
				continue
			}
			dirs := m.chain(group)
			if len(dirs) == 0 || slices.Contains(dirs, "..") {
				t.Errorf("chain of %q in %+v: %q", group, m, dirs)
			}
		}
	})
}
