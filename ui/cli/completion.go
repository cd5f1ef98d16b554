package cli

import (
	"github.com/spf13/cobra"

	"gcl-tui/theme"
	"gcl-tui/ui"
)

// shells are those that completion can write a script for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

// completionCommand prints a shell's completion script. It stands in for cobra's
// own, which takes a shell that it does not know for a call for help.
func completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "print a shell's completion script",
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || oneOf(args[0], shells) != nil {
				return usagef("completion wants one shell: %s", orList(shells))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			default:
				return root.GenPowerShellCompletionWithDesc(out)
			}
		},
	}
}

// completeCommand completes COMMAND by the files there are. The shell completes
// what follows it.
func completeCommand(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// completeFlags completes the values of the flags that choose.
func completeFlags(cmd *cobra.Command) {
	for flag, values := range map[string][]string{
		"balance": balances,
		"adopt":   adoptions,
		"log":     formats,
		"ready":   {"listen", "notify", "http:/", "delay:"},
		"theme":   append([]string{ui.ThemeAuto}, theme.Names()...),
		"workers": {"max"},
	} {
		err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		if err != nil {
			panic(err) // a flag that is not defined: a mistake in this file
		}
	}
}
