package ui

import "gcl-tui/cluster"

// eventsMsg is a batch of events without log lines.
type eventsMsg struct {
	events []cluster.Event
	missed uint64
}

// tickMsg says that it is time to look for a new snapshot.
type tickMsg struct{}

// resultMsg is how a request to the master went.
type resultMsg struct {
	done string // what was asked for, if it went well
	err  error
}

// backgroundMsg is the terminal's answer to the query of its background.
type backgroundMsg struct{ dark bool }

// continuedMsg says that the process was stopped and goes on.
type continuedMsg struct{}

// doneMsg says that the master has ended.
type doneMsg struct{}

// canceledMsg says that the context of Run has ended.
type canceledMsg struct{ err error }
