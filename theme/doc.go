// Package theme holds the colours of the screen, and no logic.
//
// A theme is one entry of the table in palettes.go. It names a colour for each
// role (a border, a warning, a graph), never for a place on the screen, so
// that a new panel needs no new colour and a new theme no knowledge of panels.
//
// Styles are rendered once, into the escape sequences that switch them on and
// off: drawing a frame only joins strings.
package theme
