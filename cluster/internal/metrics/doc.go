// Package metrics measures what the machine, the workers and the master
// itself use: CPU, memory, load, and the limits that a control group puts on
// them. It is the only package that imports gopsutil.
//
// # One sampler
//
// A [Sampler] belongs to one goroutine, which calls Sample once a second. It
// blocks on nothing but reads of kernel tables, keeps no descriptor open
// between calls and starts no goroutine, so there is nothing to close.
//
// CPU figures are differences between two samples. The first sample after a
// start, a worker's first sample and the first one of a core that came back
// therefore have none: they say -1, never an average since boot.
//
// # Process trees
//
// A worker's figures are those of a whole tree: the root, its descendants
// found by their parent chain whatever group or session they moved to, and
// those that were in the tree once and lost their parent since. What a child
// used between the last sample and its end is counted where the kernel
// reports it, in its parent's account of children waited for; a shell script
// that runs a thousand short commands a second is shown as the busy worker
// that it is.
//
// # Files
//
// trees.go and kinship.go hold the logic; system_linux.go, system_windows.go
// and system_other.go read one process. On Linux that is /proc/PID/stat by
// plain system calls: one process costs about a third of what gopsutil's Times
// and MemoryInfo cost together. cores.go and machine.go use gopsutil everywhere.
package metrics
