package proc

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// stat is a line of /proc/PID/stat, proc_pid_stat(5).
type stat struct {
	pid, parent, group, session int
	threads                     int
	state                       byte
}

// dead says whether the whole process has ended. A process whose first thread
// has ended is shown as a zombie too, while others of it may still run.
func (s stat) dead() bool { return (s.state == 'Z' || s.state == 'X') && s.threads <= 1 }

// processes returns all processes that this one may see.
func processes() []stat {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer func() { _ = dir.Close() }()
	names, _ := dir.Readdirnames(-1)
	var all []stat
	for _, name := range names {
		if name[0] < '1' || name[0] > '9' {
			continue
		}
		if s, ok := readStat(name); ok {
			all = append(all, s)
		}
	}
	return all
}

// readStat returns a process if it is there and may be seen.
func readStat(pid string) (s stat, ok bool) {
	line, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return stat{}, false
	}
	s, err = parseStat(line)
	return s, err == nil
}

// threadsField is the place of num_threads behind the command's name.
const threadsField = 17

// parseStat reads a stat line. The command's name, in parentheses, may hold
// spaces and parentheses itself, so the fields are counted from the last one.
func parseStat(line []byte) (stat, error) {
	open, end := bytes.IndexByte(line, '('), bytes.LastIndexByte(line, ')')
	if open < 0 || end < open {
		return stat{}, fmt.Errorf("stat line %q has no command", line)
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line[:open])))
	if err != nil {
		return stat{}, err
	}
	fields := bytes.Fields(line[end+1:])
	if len(fields) <= threadsField {
		return stat{}, fmt.Errorf("stat line of %d is short", pid)
	}
	s := stat{pid: pid, state: fields[0][0]}
	for i, to := range map[int]*int{1: &s.parent, 2: &s.group, 3: &s.session, threadsField: &s.threads} {
		if *to, err = strconv.Atoi(string(fields[i])); err != nil {
			return stat{}, err
		}
	}
	return s, nil
}
