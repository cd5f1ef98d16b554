package cli

import (
	"github.com/spf13/pflag"

	"gcl-tui/cluster"
	"gcl-tui/ui"
	"gcl-tui/ui/lines"
)

// addFlags defines the flags that say how a cluster runs and is shown. Each
// value is checked as it is read.
func addFlags(f *pflag.FlagSet, s *settings) {
	o := &s.options
	s.format, s.theme = lines.Text, ui.ThemeAuto

	f.FuncP("workers", "n", "how many workers, or max", func(v string) (err error) {
		o.Workers, err = parseWorkers(v)
		return err
	})
	f.FuncP("port", "p", "a public port known in advance, [HOST:]PORT", func(v string) error {
		o.Ports = append(o.Ports, v)
		return checkPort(v)
	})
	f.FuncP("balance", "b", "who picks the worker", func(v string) error {
		o.Balance = cluster.Balance(v)
		return oneOf(v, balances)
	})
	f.FuncP("env", "e", "worker environment, K=V", func(v string) error {
		s.env = append(s.env, v)
		return checkVariable(v)
	})
	f.StringVar(&s.envFile, "env-file", "", "a file of worker environment, K=V a line")
	f.Func("ready", "when a worker is ready", func(v string) (err error) {
		o.Ready, err = cluster.ParseReady(v)
		return withoutPrefix(err, quote(v)+": ")
	})
	addLimitFlags(f, o)
	addWatchFlags(f, s)
	f.Func("adopt", "whether workers get the shared port as they bind it", func(v string) error {
		o.NoAdopt = v == adoptOff
		return oneOf(v, adoptions)
	})
	addLookFlags(f, s)
}

func addLimitFlags(f *pflag.FlagSet, o *cluster.Options) {
	f.Func("ready-timeout", "how long a worker may take to be ready", durationFlag(&o.ReadyTimeout))
	f.Func("stop-timeout", "how long draining and stopping may take", durationFlag(&o.StopTimeout))
	f.Func("stop-signal", "what asks a worker to stop", func(v string) error {
		o.StopSignal = v
		return checkStopSignal(v)
	})
	f.Func("hold", "how long a request waits for a worker", durationFlag(&o.Hold))
}

func addWatchFlags(f *pflag.FlagSet, s *settings) {
	w := &s.watching
	on := f.VarPF(boolFlag(func(v bool) { w.Off = !v }), "watch", "w", "reload when the source changes")
	on.NoOptDefVal = "true"
	f.Func("watch-dir", "a directory to watch instead of what is found; repeatable", func(v string) error {
		w.Dirs = append(w.Dirs, v)
		return nil
	})
	f.Func("ignore", "what not to watch, as in .gitignore; repeatable", func(v string) error {
		w.Ignore = append(w.Ignore, v)
		return nil
	})
	f.StringVar(&w.Build, "build", "", "the command that builds the program")
	f.Func("debounce", "how long nothing must change before a build", durationFlag(&w.Debounce))
	f.BoolVar(&w.Poll, "poll", false, "compare files instead of asking the system for changes")
	f.Func("reload", "whether generations may run at once", func(v string) error {
		s.options.StopFirst = v == reloadRestart
		return oneOf(v, reloads)
	})
	f.BoolVar(&s.options.LiveReload, "live-reload", false, "reload the pages that browsers show, too")
}

func addLookFlags(f *pflag.FlagSet, s *settings) {
	f.BoolVar(&s.headless, "headless", false, "lines instead of the screen")
	f.Func("log", "the form of the lines", func(v string) error {
		// Without lines it would say nothing.
		s.headless, s.format = true, lines.Format(v)
		return oneOf(v, formats)
	})
	f.Func("theme", "colours of the screen", func(v string) error {
		s.theme = v
		return withoutPrefix(ui.CheckTheme(v), "theme "+quote(v)+": ")
	})
	f.BoolVar(&s.ascii, "ascii", false, "nothing but ASCII characters")
}
