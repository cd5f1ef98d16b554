package cli

import (
	"gcl-tui/cluster"
	"gcl-tui/ui/lines"
)

// settings is what the flags say.
type settings struct {
	options  cluster.Options
	env      []string // of --env
	envFile  string
	headless bool
	format   lines.Format
	theme    string
	ascii    bool
	seed     uint64 // of the demo
}

// clusterOptions returns the options of a cluster that runs argv, with the
// environment file read.
func (s *settings) clusterOptions(argv []string) (cluster.Options, error) {
	o := s.options
	o.Command = argv
	if s.envFile != "" {
		vars, err := readEnvFile(s.envFile)
		if err != nil {
			return o, err
		}
		o.Env = append(o.Env, vars...)
	}
	// What is said on the command line wins.
	o.Env = append(o.Env, s.env...)
	return o, nil
}
