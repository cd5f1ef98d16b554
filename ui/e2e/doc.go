// Package e2e has the tests of the whole program: the real executable with real
// servers as workers, headless and on a terminal. It has no code of its own.
//
// Each test starts its processes with a mark in their environment, so that it
// can tell afterwards whether any of them, or of what they started, is left.
package e2e
