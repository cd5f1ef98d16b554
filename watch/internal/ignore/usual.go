package ignore

// usual are what nearly every project leaves out: what tools put beside the
// sources, and what is built or fetched from elsewhere. Names without a slash at
// the end are left out as links, too. A vendor directory is source to some and
// not to others: .gitignore says.
var usual = New(nil, "", []string{
	".git", ".hg", ".svn", ".jj", ".bzr", "CVS",
	".idea", ".vscode", ".vs", ".fleet", ".zed",
	".cache", ".direnv", ".devenv", ".terraform", ".gradle", ".bloop", ".metals",
	"node_modules", "bower_components", ".npm", ".yarn", ".pnpm-store",
	".next", ".nuxt", ".svelte-kit", ".astro", ".turbo", ".parcel-cache", ".angular",
	"dist", "target", "coverage", ".nyc_output",
	"__pycache__", ".venv", "venv", ".tox", ".nox", ".eggs", "*.egg-info",
	".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints",
	".bundle", "_build", ".elixir_ls",
	"*.pyc", "*.pyo", "*.log", "*.pid", "*.sock", ".DS_Store", "Thumbs.db",
})

// Usual returns the rules for what is left out of every tree, unless rules with
// precedence over them bring it back.
func Usual() *Rules { return usual }
