package source

import (
	"path/filepath"
	"regexp"
	"strings"
)

// interpreter says how a program that runs scripts reads its command line. Only
// what decides where the script's name stands is in it. A flag's value may also
// be attached to it, with "=" or, for one letter, without.
type interpreter struct {
	// values are flags whose value is the next argument.
	values string
	// inline are flags after which there is no script: code follows, or the
	// name of a module.
	inline string
	// commands may stand before the script.
	commands string
	// clusters: flags of one letter may be written together.
	clusters bool
}

// interpreters are taken from each program's --help and manual page.
var interpreters = map[string]interpreter{
	"node": {
		values: "-r --require --import --loader --experimental-loader -C --conditions --env-file --icu-data-dir " +
			"--openssl-config --title --inspect-port --watch-path --input-type --redirect-warnings --trace-event-categories",
		inline: "-e --eval -p --print -pe --run",
	},
	"python": {values: "-W -X --check-hash-based-pycs", inline: "-c -m", clusters: true},
	"ruby":   {values: "-C -E -F -I -r --encoding", inline: "-e", clusters: true},
	"perl":   {values: "-I", inline: "-e -E", clusters: true},
	"php":    {values: "-S -t -c -d -z", inline: "-r -R -B -E -F"},
	"bun": {
		values:   "-r --preload --config -c --cwd --env-file --port --define -d --loader -l --conditions --tsconfig-override",
		inline:   "-e --eval -p --print",
		commands: "run",
	},
	"deno": {
		values:   "-c --config --import-map --cert --location --seed -L --log-level --ext --preload --port --host",
		commands: "run serve",
	},
	"sh": {values: "-o -O +o +O --rcfile --init-file", inline: "-c", clusters: true},
}

// aliases are other names of interpreters, without a version.
var aliases = map[string]string{
	"nodejs": "node", "tsx": "node", "ts-node": "node", "pypy": "python", "jruby": "ruby",
	"bash": "sh", "dash": "sh", "zsh": "sh", "ksh": "sh",
}

// launchers run a program of the project in the working directory, which their
// command line does not name as a file.
const launchers = "npm npx yarn pnpm uv poetry pipenv pdm hatch bundle rake rails mix cargo dotnet mvn gradle make just task"

var version = regexp.MustCompile(`-?[0-9][0-9.]*$`)

// programName returns the name of a program without directory, version and
// extension: python for /usr/bin/python3.12.
func programName(path string) string {
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(path)), ".exe")
	if plain := version.ReplaceAllString(name, ""); plain != "" {
		name = plain
	}
	if alias := aliases[name]; alias != "" {
		return alias
	}
	return name
}

// typedName returns the name of a program as the user gave it, without the
// directory.
func typedName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".exe") }

// script returns the script in an interpreter's arguments, or the value of the
// flag that makes one needless, which is empty if there is none either.
func (i interpreter) script(args []string) (script, inline string) {
	for n := 0; n < len(args); n++ {
		arg := args[n]
		switch {
		case arg == "--":
			return strings.Join(args[n+1:min(n+2, len(args))], ""), ""
		case !strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "+") || arg == "-":
			if !has(i.commands, arg) {
				return strings.TrimSuffix(arg, "-"), ""
			}
		case has(i.inline, i.flag(arg)):
			return "", i.flag(arg)
		case has(i.values, i.flag(arg)):
			n++
		}
	}
	return "", ""
}

// flag returns the flag in arg that takes the next argument, if one does: the
// last of a cluster, unless what follows an earlier one is that one's value.
func (i interpreter) flag(arg string) string {
	if !i.clusters || len(arg) < 3 || arg[1] == '-' {
		return arg
	}
	for n := 1; n < len(arg); n++ {
		letter := arg[:1] + arg[n:n+1]
		switch {
		case has(i.inline, letter):
			return letter // with or without attached code
		case has(i.values, letter):
			if n == len(arg)-1 {
				return letter
			}
			return arg
		}
	}
	return arg
}

// value returns that of a flag, given as the next argument.
func value(args []string, flag string) (string, bool) {
	for n, arg := range args {
		if arg == flag && n+1 < len(args) {
			return args[n+1], true
		}
	}
	return "", false
}

// has reports whether a word is in a list of them.
func has(words, word string) bool {
	return word != "" && strings.Contains(" "+words+" ", " "+word+" ")
}
