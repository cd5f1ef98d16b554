// Package tty is what the screen does to its terminal: it paints frames, asks
// for the background colour, and takes the answer out of the typed input.
package tty
