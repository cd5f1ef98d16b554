// Package ui is the dashboard: it shows a cluster on a terminal and turns keys
// into requests to it.
//
// # Data runs one way
//
// Two commands feed the program: one waits for events and hands over a batch,
// one ticks and looks whether there is a new snapshot. Both end with the
// context of Run. Update (model.go) only routes messages to the file that owns
// the matter; keys (keys.go) become requests (requests.go), whose results come
// back as messages. The master never waits for the screen.
//
// # A frame
//
// What is to be shown is put into a view (view.go), a value that nothing
// changes any more. One function assigns rectangles to panes for any size of
// the screen (layout.go), each pane draws its rectangle from the view alone
// (one file a pane), and frame.go puts them together: always as many lines as
// the screen has, each as wide as the screen. The frame is kept until a message
// changes what it shows.
//
// # Who owns what
//
// All state belongs to the model and is touched by the program's goroutine
// only. Whoever calls Run owns the master and the signal handling, and stops
// the master whatever Run returns.
package ui
