package restore

import "os"

// settings are not kept: a Windows console forgets them with the process.
type settings struct{}

// RunRole returns: there is no such role on Windows.
func RunRole() {}

// Watch does nothing on Windows.
func Watch(*os.File) (done func(), err error) { return func() {}, nil }
