//go:build unix

package restore

import "golang.org/x/sys/unix"

// settings are a terminal's modes; see termios(3).
type settings = unix.Termios

func getSettings(tty int) (settings, error) {
	t, err := unix.IoctlGetTermios(tty, getTermios)
	if err != nil {
		return settings{}, err
	}
	return *t, nil
}

// setSettings works on a terminal that is not this session's own: only
// processes of its session are stopped when they try it from the background.
func setSettings(tty int, s settings) error {
	return unix.IoctlSetTermios(tty, setTermios, &s)
}
