// Package source finds out, from a command line alone, where a program's code
// is and how it is built: its Recipe.
//
// # What is recognised
//
// In this order: Go source (a directory written as a path, or .go files), go
// run, a Go binary (by its build info), an interpreter with a script, a script
// with a #! line, and any other program. What is not certain is not guessed at:
// the recipe then watches the working directory's tree, or the program's file
// alone, and its line says so.
//
// # Go
//
// What is linked in is taken from go list (Package.List), so that a change
// elsewhere in a large repository starts no build. A Listing says of changed
// files whether they call for a build, and whether the list itself is out of
// date.
//
// Nothing here has a goroutine that outlives the call, and nothing is held open.
package source
