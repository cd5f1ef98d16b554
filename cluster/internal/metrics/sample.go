package metrics

// Unknown is the value of a figure that could not be measured, or not yet.
const Unknown = -1

// Sample is what one call of [Sampler.Sample] measured. Its slices and map are
// never written again.
type Sample struct {
	// Cores are the CPUs that are online, sorted by ID.
	Cores []Core
	// CPU is the mean over the cores in percent, 0 to 100.
	CPU        float64
	CPUHistory []float64
	// MemUsed and MemTotal are bytes. Where a control group allows less than
	// the machine has, both are those of the group.
	MemUsed, MemTotal int64
	// Load1, Load5 and Load15 are the load averages.
	Load1, Load5, Load15 float64
	// Quota is how many cores' worth of CPU the control group allows, 0 if it
	// sets no limit.
	Quota float64
	// Trees holds the process tree of every root that exists.
	Trees map[int]Usage
	Self  Self
}

// Core is one CPU.
type Core struct {
	// ID is the system's number, which has gaps where a core is offline.
	ID int
	// CPU is the share of time in percent that the core was not idle, 0 to 100.
	CPU        float64
	CPUHistory []float64
}

// Usage is what a process tree costs.
type Usage struct {
	// CPU is in percent of one core, so two busy cores make 200.
	CPU        float64
	CPUHistory []float64
	// RSS is the sum of the resident sets in bytes. Pages shared between
	// processes count in each.
	RSS     int64
	Threads int
	// Core is the CPU that the busiest thread of the busiest process last ran on.
	Core int
	// Processes are those of the tree, in no order.
	Processes []int
}

// Self is what the master itself costs.
type Self struct {
	CPU float64 // percent of one core
	RSS int64   // bytes
}
