// Package files says when a source file has changed. It takes a [Scope], the
// files and trees that matter, and gives one [Change] for each settled burst.
//
// # What counts
//
// A file counts if it is named in the scope or a tree of the scope covers it,
// and its content is another than before. Touching a file, saving it unchanged
// or changing its mode is no change, and neither is what editors leave beside it
// (swap files, locks, backups). A tree without a Match leaves out what
// .gitignore files, .git/info/exclude, core.excludesFile and the usual
// directories name, with [Options.Ignore] above them all; a tree with a Match asks
// it alone, since what is linked into a program matters even if git ignores it.
//
// Content is compared by a hash. The hashes of what is there at the start are
// taken in the background, of files up to 4 MB, 256 MB in all: a tree of 50,000
// files is ready in half a second and read in two. A file that is touched before
// its hash is known, or has none, counts as changed if its time or size are
// others; from then on its hash is known.
//
// # How it is found out
//
// Directories are watched, never files: an atomic save is a rename, which a
// watch on the file would lose. Symbolic links are followed; a link is watched
// where it lies and where it leads. Events lost by the kernel, or too many at
// once, lead to a comparison of everything by time and size. Where the system
// lends no more watches, or none arrive on the mount, the same comparison is
// made periodically ([Options.Poll]). Not noticed is that a directory two levels
// or more above a root is moved away, and that ignore files above a root, or
// those of git, change.
//
// A burst ends after [Options.Debounce] without an event, at the latest after
// [Options.MaxWait]. Before that, when nothing has happened for 10 ms, a [Hint]
// says what it comes to so far, so that a build need not wait.
//
// While git works in the repository of a changed file (its index is locked, a
// rebase, a merge, a cherry-pick or a revert is not finished) the change waits,
// and is given once at the end, when everything is compared: a busy machine tells
// of some files of a checkout late. A bisect does not hold: each of its steps is
// there to be tried.
//
// # Goroutines
//
// One goroutine, the owner, has all state; Watch asks it by message. A second
// drains the events, so that adding a watch in the owner never waits for itself;
// a third reads files in the background. All of them end with Close. A slow
// reader of Changes blocks nobody: what comes meanwhile is merged into the Change
// that waits.
package files
