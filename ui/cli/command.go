package cli

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"
)

// help is what --help prints. It fits a screen of 80 by 24.
//
//go:embed help.txt
var help string

// rootCommand returns the command line as cobra has it. What follows COMMAND is
// the program's own.
func rootCommand(args []string) *cobra.Command {
	s := &settings{}
	root := &cobra.Command{
		Use:               "gcl-tui [flags] [--] COMMAND [ARG...]",
		Version:           version(),
		Args:              cobra.ArbitraryArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		ValidArgsFunction: completeCommand,
		RunE: func(cmd *cobra.Command, argv []string) error {
			if len(argv) == 0 || argv[0] == "" {
				return usagef("no command: say what to run, as in gcl-tui ./myserver, or try gcl-tui demo")
			}
			return runProgram(cmd.Context(), s, argv)
		},
	}
	root.SetArgs(args)
	root.SetVersionTemplate("gcl-tui {{.Version}}\n")
	root.SetHelpFunc(printHelp)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(&cobra.Command{Use: "help", Short: "print the help", Run: printHelp})
	root.Flags().SortFlags = false
	root.Flags().SetInterspersed(false)
	addFlags(root.Flags(), s)
	completeFlags(root)
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(demoCommand(), completionCommand())
	return root
}

// demoCommand runs the built-in app.
func demoCommand() *cobra.Command {
	s := &settings{}
	demo := &cobra.Command{
		Use:   "demo",
		Short: "run the built-in app under the built-in load",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("demo takes no arguments: %q; a program called demo is run with gcl-tui ./demo or gcl-tui -- demo", args[0])
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runDemo(cmd.Context(), s) },
	}
	addFlags(demo.Flags(), s)
	addSeedFlag(demo.Flags(), s)
	completeFlags(demo)
	return demo
}

func printHelp(cmd *cobra.Command, _ []string) {
	fmt.Fprint(cmd.OutOrStdout(), help)
}
