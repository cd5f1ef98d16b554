package metrics

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// findGroups returns the control groups that a process is in, of both versions
// (cgroups(7)): each with the groups around it, as far as they can be seen.
func findGroups(pid int) []group {
	return groupsIn(os.DirFS("/"), pid)
}

// groupsIn is findGroups with a root directory of choice.
func groupsIn(root fs.FS, pid int) (groups []group) {
	dir := "proc/" + strconv.Itoa(pid)
	memberships, err := fs.ReadFile(root, dir+"/cgroup")
	if err != nil {
		return nil
	}
	mounts, err := fs.ReadFile(root, dir+"/mountinfo")
	if err != nil {
		return nil
	}
	for _, m := range parseMounts(string(mounts)) {
		inner, ok := membership(string(memberships), m)
		if !ok {
			continue
		}
		for _, dir := range m.chain(inner) {
			files := groupFiles{root, dir}
			if m.v2() {
				groups = append(groups, groupV2{files})
			} else {
				groups = append(groups, groupV1{files})
			}
		}
	}
	return groups
}

// mount is a mounted hierarchy of control groups.
type mount struct {
	root        string   // the group that is mounted, "/" for the whole hierarchy
	point       string   // where
	controllers []string // of version 1; nil in version 2
}

func (m mount) v2() bool { return m.controllers == nil }

// parseMounts picks the control group hierarchies out of a mountinfo file
// (proc_pid_mountinfo(5)), those of version 1 only if they have a controller
// of interest.
func parseMounts(mountinfo string) (mounts []mount) {
	for line := range strings.Lines(mountinfo) {
		before, after, ok := strings.Cut(line, " - ")
		fields, super := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(super) < 3 {
			continue
		}
		m := mount{root: unescape(fields[3]), point: unescape(fields[4])}
		switch super[0] {
		case "cgroup2":
			mounts = append(mounts, m)
		case "cgroup":
			for _, option := range strings.Split(super[2], ",") {
				if option == "cpu" || option == "memory" {
					m.controllers = append(m.controllers, option)
				}
			}
			if m.controllers != nil {
				mounts = append(mounts, m)
			}
		}
	}
	return mounts
}

// unescape undoes the octal escapes of mountinfo, such as \040 for a space.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+4 <= len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// membership finds the group of a process within a hierarchy in the lines of
// /proc/PID/cgroup, which read ID:CONTROLLERS:PATH, the controllers being empty
// for version 2.
func membership(lines string, m mount) (group string, ok bool) {
	for line := range strings.Lines(lines) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(parts) < 3 {
			continue
		}
		if m.v2() && parts[0] == "0" && parts[1] == "" {
			return parts[2], true
		}
		for _, controller := range strings.Split(parts[1], ",") {
			if !m.v2() && controller == m.controllers[0] {
				return parts[2], true
			}
		}
	}
	return "", false
}

// chain returns the directories of a group and of all groups around it, inner
// ones first, without a leading slash. A container may see its own group as
// the root of the mount, and its path as it is outside or as one that leads
// out ("/.."): then the root is all there is to see.
func (m mount) chain(group string) (dirs []string) {
	inside := path.Clean("/" + group)
	if m.root != "/" {
		rest, found := strings.CutPrefix(inside+"/", path.Clean(m.root)+"/")
		if !found {
			rest = ""
		}
		inside = path.Clean("/" + rest)
	}
	for {
		dirs = append(dirs, strings.TrimPrefix(path.Join(m.point, inside), "/"))
		if inside == "/" {
			return dirs
		}
		inside = path.Dir(inside)
	}
}
