package metrics

import "bytes"

// stat holds what is used of /proc/PID/stat (proc_pid_stat(5)). Times are in
// ticks.
type stat struct {
	parent, group          int
	user, system           uint64
	childUser, childSystem uint64
	threads                int
	started                uint64 // after boot
	rssPages               int64
	core                   int
}

// Where fields are, counted from the process state, which is field 3 in the
// manual page.
const (
	fieldParent      = 4 - 3
	fieldGroup       = 5 - 3
	fieldUser        = 14 - 3
	fieldSystem      = 15 - 3
	fieldChildUser   = 16 - 3
	fieldChildSystem = 17 - 3
	fieldThreads     = 20 - 3
	fieldStarted     = 22 - 3
	fieldRSS         = 24 - 3
	fieldCore        = 39 - 3
)

// parseStat parses one line. The name in parentheses may hold anything, spaces
// and parentheses included; nothing behind it does. ok is false if a field is
// missing or no number.
func parseStat(line []byte) (st stat, ok bool) {
	end := bytes.LastIndexByte(line, ')')
	if end < 0 {
		return stat{}, false
	}
	line = line[end+1:]
	for i := 0; i <= fieldCore; i++ {
		var field []byte
		if field, line = nextField(line); len(field) == 0 {
			return stat{}, false
		}
		if i > 0 && !st.set(i, field) {
			return stat{}, false
		}
	}
	return st, true
}

// set stores field i if it is one of interest. It reports whether it was
// well-formed.
func (st *stat) set(i int, field []byte) bool {
	switch i {
	case fieldParent:
		return decimal(&st.parent, field)
	case fieldGroup:
		return decimal(&st.group, field)
	case fieldUser:
		return decimal(&st.user, field)
	case fieldSystem:
		return decimal(&st.system, field)
	case fieldChildUser:
		return decimal(&st.childUser, field)
	case fieldChildSystem:
		return decimal(&st.childSystem, field)
	case fieldThreads:
		return decimal(&st.threads, field)
	case fieldStarted:
		return decimal(&st.started, field)
	case fieldRSS:
		return decimal(&st.rssPages, field)
	case fieldCore:
		return decimal(&st.core, field)
	}
	return true
}

// nextField cuts the first field off a line of fields between spaces.
func nextField(line []byte) (field, rest []byte) {
	line = bytes.TrimLeft(line, " ")
	if end := bytes.IndexAny(line, " \n"); end >= 0 {
		return line[:end], line[end+1:]
	}
	return line, nil
}

// decimal stores a number without a sign. The fields of interest are never
// negative; a few counters may be printed as -1 by an emulated /proc, which is
// not taken for a figure.
func decimal[T int | int64 | uint64](dst *T, field []byte) bool {
	const digits = 18 // fit into an int64 whatever they are
	if len(field) == 0 || len(field) > digits {
		return false
	}
	var n T
	for _, c := range field {
		if c < '0' || c > '9' {
			return false
		}
		n = 10*n + T(c-'0')
	}
	*dst = n
	return true
}
