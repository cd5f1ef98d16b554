//go:build unix

package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"gcl-tui/cluster"
)

// Start a program, follow what happens to it, and stop it once it is ready.
// The main function of a program that does so calls RunRole first.
func Example() {
	c, err := cluster.Start(cluster.Options{
		Command: []string{"sleep", "60"},
		Workers: 1,
		Ready:   cluster.Ready{Kind: cluster.ReadyDelay}, // it listens on nothing
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	events := c.Subscribe()
	for {
		batch, err := events.Next(ctx)
		if errors.Is(err, cluster.ErrStopped) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		for _, e := range batch.Events {
			switch d := e.Data.(type) {
			case cluster.WorkerReady:
				fmt.Printf("w%d is ready\n", d.Worker)
				c.Stop()
			case cluster.WorkerExited:
				fmt.Printf("w%d ended by %s, expected: %t\n", d.Worker, d.Reason, d.Expected)
			}
		}
	}
	fmt.Println("the cluster ended with", c.Wait(ctx))
	// Output:
	// w1 is ready
	// w1 ended by SIGTERM, expected: true
	// the cluster ended with <nil>
}

func ExampleParseReady() {
	for _, s := range []string{"http:/healthz", "delay:2s", "soon"} {
		r, err := cluster.ParseReady(s)
		fmt.Println(r.Path, r.Delay, err)
	}
	// Output:
	// /healthz 0s <nil>
	//  2s <nil>
	//  0s "soon": want listen, notify, http:/PATH or delay:DURATION (as in delay:2s)
}
