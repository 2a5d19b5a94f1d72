"""`python -m pykvbinding`: hands over to the commands, if what they need is installed."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec

from pykvbinding.server import errors as refusals

NEEDED = ("click", "uvicorn")
"""What the extra `server` brings, and what fails without it."""


def require_extra() -> None:
    """Make sure that the commands can be imported.

    Raises: RuntimeError that names what is missing, and how to install it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise refusals.extra_missing(missing)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. Raises: SystemExit, with status 2 if something is missing that it needs."""
    try:
        require_extra()
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    from pykvbinding.cli.commands import commands

    commands.main(arguments, prog_name="python -m pykvbinding")


if __name__ == "__main__":
    main()
