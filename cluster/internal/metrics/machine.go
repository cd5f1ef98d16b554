package metrics

import "github.com/shirou/gopsutil/v3/mem"

// machineMemory returns the machine's memory in bytes, Unknown if it cannot be
// read. What the kernel can take back at once, such as the page cache, is not used.
func machineMemory() (used, total int64) {
	m, err := mem.VirtualMemory()
	if err != nil || m.Total == 0 {
		return Unknown, Unknown
	}
	available := min(m.Available, m.Total)
	return int64(m.Total - available), int64(m.Total)
}
