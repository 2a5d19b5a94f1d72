"""The command line: `python -m pykvbinding` and the console script `pykvbinding`.

`--help` and `--version` need no extra; every command needs the extra `server`.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from pykvbinding import __version__

EXTRA_MODULES: Final = ("click", "uvicorn")
"""The modules of the extra `server` that the commands import."""

PROGRAM: Final = "python -m pykvbinding" if __name__ == "__main__" else "pykvbinding"

HELP: Final = f"""\
Usage: {PROGRAM} [OPTIONS] COMMAND [ARGS]...

  An emulator of Workers KV: commands for local prototyping.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
  dev  Serve the Worker of a wrangler file on localhost.
"""
"""The help text that click prints, for installations without click."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. `arguments` defaults to the arguments of the process.

    Raises: SystemExit, with status 2 if the command needs a module that is not installed.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments[:1] == ["--version"]:
        sys.stdout.write(f"pykvbinding {__version__}\n")
        sys.exit(0)
    missing = [name for name in EXTRA_MODULES if find_spec(name) is None]
    if missing:
        needs = f"needs {' and '.join(missing)}: pip install 'pykvbinding[server]'"
        if not arguments or arguments[0] in ("-h", "--help"):
            sys.stdout.write(f"{HELP}\nEvery command {needs}\n")
            sys.exit(0)
        sys.stderr.write(f"{PROGRAM} {needs}\n")
        sys.exit(2)
    from pykvbinding.cli.commands import commands

    commands.main(arguments, prog_name=PROGRAM)


if __name__ == "__main__":
    main()
