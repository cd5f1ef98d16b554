//go:build !linux

package router

// unpace does nothing: no other system paces by default.
func (w *wire) unpace() { w.unpaced = true }
