package lines

import "gcl-tui/cluster"

// jsonPrinter prints an event as cluster.Event.MarshalJSON has it.
type jsonPrinter struct{}

func (*jsonPrinter) line(e cluster.Event) ([]byte, error) {
	// Not json.Marshal: it would check and copy the object once more.
	line, err := e.MarshalJSON()
	return append(line, '\n'), err
}
