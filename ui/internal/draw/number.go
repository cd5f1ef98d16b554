package draw

import (
	"strconv"
	"strings"
	"time"
)

// Unknown stands for a figure that is not known.
const Unknown = "-"

// Count returns an integer with thousands separated, as in "31,204".
func Count[T int | int64 | uint64](n T) string {
	if n < 0 {
		return Unknown
	}
	digits := strconv.FormatUint(uint64(n), 10)
	if len(digits) <= 3 {
		return digits
	}
	out := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}

// Short returns a count in at most five cells: "9,999", then "12.4k", "3.1M".
func Short[T int | int64 | uint64](n T) string {
	if n < 10_000 {
		return Count(n)
	}
	return scaled(float64(n), "", "k", "M", "G", "T", "P", "E")
}

// Rate returns an amount a second: "0.4", "12", "12,480", "124k".
func Rate(perSecond float64) string {
	switch {
	case perSecond < 0:
		return Unknown
	case perSecond > 0 && perSecond < 10:
		return strconv.FormatFloat(perSecond, 'f', 1, 64)
	case perSecond < 99_999.5:
		return Count(int64(perSecond + 0.5))
	}
	return scaled(perSecond, "", "k", "M", "G", "T", "P", "E")
}

// Scale returns a round number for an axis in at most four cells: "15k".
func Scale(v float64) string {
	if v < 1000 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text := scaled(v, "", "k", "M", "G", "T", "P", "E")
	return strings.Replace(text, ".0", "", 1)
}

// Percent returns a share of 100 without a fraction, as in "62%".
func Percent(v float64) string {
	if v < 0 {
		return Unknown
	}
	return strconv.FormatFloat(v, 'f', 0, 64) + "%"
}

// Percent1 returns a share of 100 with one digit of fraction, as in "0.3"; from
// 1000 on, which takes the work of ten cores, without.
func Percent1(v float64) string {
	switch {
	case v < 0:
		return Unknown
	case v >= 999.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// Share returns how many percent part is of whole, never a rounded 0 or 100:
// "<0.1%", "0.4%", "99.9%".
func Share(part, whole uint64) string {
	if whole == 0 {
		return Unknown
	}
	v := float64(part) / float64(whole) * 100
	switch {
	case part == 0:
		return "0%"
	case part == whole:
		return "100%"
	case v < 0.1:
		return "<0.1%"
	case v > 99.9:
		return ">99.9%"
	}
	return Percent1(v) + "%"
}

// Bytes returns a size in units of 1024, as in "212M".
func Bytes(n int64) string {
	if n < 0 {
		return Unknown
	}
	v, unit := float64(n), 0
	for v >= 999.5 && unit < len(byteUnits)-1 {
		v /= 1024
		unit++
	}
	return tenths(v, unit > 1) + byteUnits[unit]
}

var byteUnits = []string{"B", "K", "M", "G", "T", "P", "E"}

func scaled(v float64, units ...string) string {
	unit := 0
	for v >= 999.5 && unit < len(units)-1 {
		v /= 1000
		unit++
	}
	return tenths(v, unit > 0) + units[unit]
}

// tenths returns v with one digit of fraction below 100, if asked for. A zero
// is kept: a figure that changes keeps its width.
func tenths(v float64, fraction bool) string {
	if fraction && v < 99.95 {
		return Percent1(v)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// belowTen is where a figure of one digit and a fraction ends: 9.96 is 10.
const belowTen = 9950

// Latency returns a response time in at most five cells: "840µs", "1.2ms",
// "31ms", "1.9s", "1m15s", "12m".
func (p Pen) Latency(d time.Duration) string {
	switch {
	case d < 0:
		return Unknown
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + p.micro
	case d < belowTen*time.Microsecond:
		return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64) + "ms"
	case d < time.Second:
		return strconv.FormatInt(max(10, d.Milliseconds()), 10) + "ms"
	case d < belowTen*time.Millisecond:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "s"
	case d < 10*time.Minute:
		return Age(max(d, 10*time.Second))
	case d < 10*time.Hour:
		return Age(d.Truncate(time.Minute))
	case d < 24*time.Hour:
		return Age(d.Truncate(time.Hour))
	}
	return Age(d.Truncate(24 * time.Hour))
}

// Age returns a length of time in its two largest units: "26s", "4m12s",
// "2h14m", "3d4h".
func Age(d time.Duration) string {
	d = max(d, 0)
	seconds := int(d / time.Second)
	switch {
	case seconds < 60:
		return strconv.Itoa(seconds) + "s"
	case seconds < 3600:
		return two(seconds, 60, "m", "s")
	case seconds < 86400:
		return two(seconds/60, 60, "h", "m")
	}
	return two(seconds/3600, 24, "d", "h")
}

func two(n, base int, high, low string) string {
	s := strconv.Itoa(n/base) + high
	if n%base > 0 {
		s += strconv.Itoa(n%base) + low
	}
	return s
}

// Countdown returns the time left, in tenths below ten seconds: "0.4s", "12s".
func Countdown(d time.Duration) string {
	d = max(d, 0)
	if d < belowTen*time.Millisecond {
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "s"
	}
	return Age(max(d, 10*time.Second))
}
