// Command gcl-tui runs N copies of a server program on the port that the program
// itself listens on, and shows them on the terminal.
package main

import (
	"os"

	"gcl-tui/cluster"
	"gcl-tui/cluster/demo"
	"gcl-tui/ui/cli"
)

func main() {
	// The hidden roles come first: they are this executable under another name.
	cluster.RunRole()
	demo.RunRole()
	cli.RunRole()
	os.Exit(cli.Main(os.Args[1:]))
}
