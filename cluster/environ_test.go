package cluster

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOverlay(t *testing.T) {
	for name, c := range map[string]struct{ base, extra, want []string }{
		"nothing":                  {nil, nil, []string{}},
		"nothing on top":           {[]string{"A=1", "B=2"}, nil, []string{"A=1", "B=2"}},
		"the later wins":           {[]string{"A=1", "B=2"}, []string{"A=3"}, []string{"B=2", "A=3"}},
		"within the same list":     {[]string{"A=1", "A=2"}, []string{"B=1", "B=2"}, []string{"A=2", "B=2"}},
		"a value with =":           {[]string{"A=x=y"}, []string{"A=z=w"}, []string{"A=z=w"}},
		"an empty value":           {[]string{"A=1"}, []string{"A="}, []string{"A="}},
		"a name that begins alike": {[]string{"PORT=1"}, []string{"PORTS=2"}, []string{"PORT=1", "PORTS=2"}},
	} {
		base := slices.Clone(c.base)
		if diff := cmp.Diff(c.want, overlay(c.base, c.extra...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !slices.Equal(base, c.base) {
			t.Errorf("%s: the base was changed to %q", name, c.base)
		}
	}
}

func TestWorkersDoNotSeeWhatIsMeantForTheMaster(t *testing.T) {
	for _, name := range hiddenVars {
		t.Setenv(name, "1")
	}
	t.Setenv("GCL_TEST_KEPT", "from the master")
	t.Setenv("GCL_WORKER", "7") // a cluster within a cluster
	base := baseEnv([]string{"MODE=a", "MODE=b", "WEB_CONCURRENCY=3"})
	env := workerEnv(base, 2, 4, 1)
	got := map[string][]string{}
	for _, kv := range env {
		got[nameOf(kv)] = append(got[nameOf(kv)], kv)
	}
	for _, name := range hiddenVars {
		if name != "WEB_CONCURRENCY" && got[name] != nil {
			t.Errorf("%s is passed on", name)
		}
	}
	for name, want := range map[string]string{
		"GCL_TEST_KEPT": "from the master", "MODE": "b", "WEB_CONCURRENCY": "3", // asked for
		"GCL_WORKER": "2", "GCL_WORKERS": "4", "GCL_GENERATION": "1",
	} {
		if diff := cmp.Diff([]string{name + "=" + want}, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if slices.Contains(base, "GCL_WORKER=2") {
		t.Error("one worker's environment has become that of all")
	}
}
