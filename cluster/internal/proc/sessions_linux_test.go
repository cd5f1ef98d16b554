package proc

import (
	"fmt"
	"os/exec"
	"slices"
	"testing"
)

func TestDescendants(t *testing.T) {
	cmd := exec.Command("sh", "-c", "exec 3<&0; setsid sh -c 'echo $$; read line <&3' & wait")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var grandchild int
	if _, err := fmt.Fscan(out, &grandchild); err != nil {
		t.Fatal(err)
	}
	found := Descendants()
	for _, pid := range []int{cmd.Process.Pid, grandchild} {
		if !slices.Contains(found, pid) {
			t.Errorf("%d is not among %v", pid, found)
		}
	}
	_ = in.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if found := Descendants(); slices.Contains(found, grandchild) {
		t.Errorf("%d has ended and is among %v", grandchild, found)
	}
}
