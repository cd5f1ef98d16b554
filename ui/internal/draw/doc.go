// Package draw is the pen of the dashboard: lines of an exact width, boxes,
// meters, graphs, and figures as text. It knows colours and glyphs, and nothing
// of workers.
//
// Everything it returns is complete terminal text: each line fills its width
// exactly and ends every style that it starts. A Line never grows beyond its
// width, so a pane that draws with it cannot spoil its neighbour.
package draw
