package cli

import (
	"slices"

	"gcl-tui/cluster"
	"gcl-tui/ui/lines"
	"gcl-tui/watch"
)

// settings is what the flags say.
type settings struct {
	options  cluster.Options
	watching watch.Options
	ownEnv   []string // of the demo
	env      []string // of --env
	typedEnv []string // before COMMAND, as in "env K=V COMMAND"
	envFile  string
	headless bool
	format   lines.Format
	theme    string
	ascii    bool
	seed     uint64 // of the demo
}

// clusterOptions returns the options of a cluster that runs argv.
func (s *settings) clusterOptions(argv []string) cluster.Options {
	o := s.options
	o.Command, o.Environ = argv, s.environ
	return o
}

// environ returns the workers' environment, with the environment file as it is
// now. What is said on the command line wins.
func (s *settings) environ() ([]string, error) {
	var vars []string
	if s.envFile != "" {
		var err error
		if vars, err = readEnvFile(s.envFile); err != nil {
			return nil, err
		}
	}
	return slices.Concat(s.ownEnv, vars, s.env, s.typedEnv), nil
}
