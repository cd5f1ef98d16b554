package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says what is wrong with a flag in one sentence.
func flagError(_ *cobra.Command, err error) error {
	const seeHelp = "see gcl-tui --help"
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		return usagef("there is no flag %s: %s; flags of the program itself go after it", name, seeHelp)
	case errors.As(err, &bare):
		return usagef("%s needs a value: %s", flagName(bare.GetFlag()), seeHelp)
	case errors.As(err, &invalid):
		return usagef("%s %q: %w", flagName(invalid.GetFlag()), invalid.GetValue(), boolCause(invalid))
	}
	return usageError{fmt.Errorf("%w: %s", err, seeHelp)}
}

// boolCause replaces the parser's own words for a switch with a bad value.
func boolCause(e *pflag.InvalidValueError) error {
	if e.GetFlag().Value.Type() == "bool" {
		return errors.New("want true or false")
	}
	return e.Unwrap()
}

func flagName(f *pflag.Flag) string {
	return "--" + strings.TrimPrefix(f.Name, "--")
}
