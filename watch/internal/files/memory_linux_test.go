package files

// memoryDirs are directories on a file system in memory.
func memoryDirs() []string { return []string{"/dev/shm"} }
