package cli

import (
	"path/filepath"
	"strings"
)

// throughEnv takes "env K=V... COMMAND" (env(1)) apart, since it is COMMAND that is
// to be watched and built. What has options of env's, or another PATH to look
// COMMAND up in, is left as it is.
func throughEnv(argv []string) (vars, command []string) {
	if filepath.Base(argv[0]) != "env" {
		return nil, argv
	}
	for i, arg := range argv[1:] {
		switch {
		case strings.HasPrefix(arg, "-") || strings.HasPrefix(arg, "PATH="):
			return nil, argv
		case !strings.Contains(arg, "="):
			return argv[1 : i+1], argv[i+1:]
		}
	}
	return nil, argv // nothing to run: env prints what it sees
}
