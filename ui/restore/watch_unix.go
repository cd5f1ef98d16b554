//go:build unix

package restore

import (
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"
)

// Watch keeps a process ready to restore tty, a terminal, should this process
// end without calling done. Its settings are those of now. done returns when
// that process has ended.
func Watch(tty *os.File) (done func(), err error) {
	now, err := getSettings(int(tty.Fd()))
	if err != nil {
		return nil, fmt.Errorf("read the terminal's settings: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	cmd := exec.Command(exe, role)
	// Neither is on a standard stream: a package's initialisation might talk to
	// a terminal there.
	cmd.ExtraFiles = []*os.File{tty, reader}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		writer.Close()
		return nil, err
	}
	if err := begin(writer, now); err != nil {
		writer.Close()
		return nil, err
	}
	return func() {
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_, _ = writer.WriteString(allWell)
		writer.Close()
		_ = cmd.Wait()
	}, nil
}

// begin writes the settings and has the runtime write a fatal panic after them.
func begin(writer *os.File, now settings) error {
	head, err := encode(now)
	if err != nil {
		return err
	}
	if _, err := writer.Write(head); err != nil {
		return err
	}
	return debug.SetCrashOutput(writer, debug.CrashOptions{})
}
