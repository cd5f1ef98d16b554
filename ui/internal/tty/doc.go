// Package tty is what the screen does to its terminal beside drawing: it asks
// for the background colour and takes the answer out of the typed input, and
// it makes each frame appear at once.
package tty
