package files

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// limitReached reports whether err says that the system lends no more watches,
// and what to do about it: inotify_add_watch(2) and inotify_init1(2).
func limitReached(err error) (advice string, reached bool) {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return limitAdvice("max_user_watches", "524288", "watches of directories"), true
	case errors.Is(err, syscall.EMFILE):
		return limitAdvice("max_user_instances", "1024", "watchers, or of open files (ulimit -n),"), true
	case errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.ENOMEM):
		return "the system lends no more watches (" + err.Error() + "): changes are looked for periodically", true
	}
	return "", false
}

// limitAdvice names a limit as sysctl(8) takes it, with its value now.
func limitAdvice(name, better, what string) string {
	name = "fs.inotify." + name
	now := ""
	if text, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/")); err == nil {
		now = " of " + strings.TrimSpace(string(text))
	}
	return "the limit" + now + " " + what + " is reached, so changes are looked for periodically: sudo sysctl " + name + "=" + better
}
