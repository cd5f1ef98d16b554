package cli

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	setting := func(k, v string) debug.BuildSetting { return debug.BuildSetting{Key: k, Value: v} }
	for _, tt := range []struct {
		info debug.BuildInfo
		want string
	}{
		{debug.BuildInfo{}, "devel, commit unknown, "},
		{debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "devel, commit unknown, "},
		{
			debug.BuildInfo{
				Main:     debug.Module{Version: "v1.2.3"},
				Settings: []debug.BuildSetting{setting("vcs.revision", "abc123"), setting("vcs.modified", "false")},
			},
			"v1.2.3, commit abc123, ",
		},
		{
			debug.BuildInfo{Settings: []debug.BuildSetting{setting("vcs.revision", "abc123"), setting("vcs.modified", "true")}},
			"devel, commit abc123 with changes, ",
		},
	} {
		if got := versionOf(&tt.info); got != tt.want+runtime.Version() {
			t.Errorf("got %q, want %q and the Go version", got, tt.want)
		}
	}
}
