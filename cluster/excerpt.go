package cluster

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	// excerptLines is how much of the source is shown before and after a line.
	excerptLines = 2
	// excerptFile is how much of a file is read for that.
	excerptFile = 1 << 20
	// excerptWidth is where a longer line is cut, in bytes.
	excerptWidth = 400
)

// excerpt returns the source around what a compiler found, with a caret below the
// column, and which of the lines it is in. It is empty if the source cannot be
// read, or has become shorter.
func excerpt(p BuildError) (text string, mark int) {
	if p.File == "" || p.Line < 1 {
		return "", 0
	}
	// Opening anything else might wait.
	if info, err := os.Stat(p.File); err != nil || !info.Mode().IsRegular() {
		return "", 0
	}
	f, err := os.Open(p.File)
	if err != nil {
		return "", 0
	}
	defer func() { _ = f.Close() }()
	var b strings.Builder
	in := bufio.NewScanner(io.LimitReader(f, excerptFile))
	in.Buffer(nil, excerptFile)
	for n, shown := 1, 0; in.Scan() && n <= p.Line+excerptLines; n++ {
		if n < p.Line-excerptLines {
			continue
		}
		line := in.Text()
		shown++
		fmt.Fprintf(&b, "%6d | %s\n", n, cutLine(line))
		if n == p.Line {
			mark = shown
			if p.Column > 0 && p.Column <= min(len(line)+1, excerptWidth) {
				fmt.Fprintf(&b, "%6s | %s^\n", "", indent(line[:p.Column-1]))
			}
		}
	}
	if mark == 0 {
		return "", 0
	}
	return b.String(), mark
}

// indent returns white space as wide as text.
func indent(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, text)
}

// cutLine shortens a line to excerptWidth, between two characters.
func cutLine(line string) string {
	if len(line) <= excerptWidth {
		return line
	}
	end := excerptWidth
	for !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end] + " …"
}
