package lines

import (
	"fmt"
	"strings"

	"gcl-tui/cluster"
)

// describeSource is describe for what happens to the program's source.
func describeSource(data cluster.EventData) sentence {
	switch d := data.(type) {
	case cluster.WatchChanged:
		return sentence{tone: toneInfo, word: "changed", text: paths(d.Paths)}
	case cluster.WatchPaused:
		return sentence{tone: toneWarn, word: "paused", text: "changes of the source are not acted on"}
	case cluster.WatchResumed:
		return sentence{tone: toneGood, word: "watching", text: "changes of the source are acted on again"}
	case cluster.BuildStarted:
		return sentence{tone: toneBusy, word: "building", text: d.Cmd}
	case cluster.BuildFailed:
		return sentence{
			tone: toneBad, word: "no build", errors: d.Errors,
			text: fmt.Sprintf("after %s, %s", millis(d.TookMS), count(len(d.Errors), "error", "errors")),
		}
	case cluster.BuildDone:
		return sentence{tone: toneGood, word: "built", text: fmt.Sprintf("generation %d in %s", d.Generation, millis(d.TookMS))}
	}
	return sentence{}
}

// paths names the files that have changed, the first ones if there are many.
func paths(all []string) string {
	const named = 3
	if n := len(all) - named; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:named], ", "), n)
	}
	return strings.Join(all, ", ")
}
