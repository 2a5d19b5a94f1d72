"""The commands of `pykvbinding`, with their options and help texts."""

from pathlib import Path
from typing import Final

import click

from pykvbinding import __version__
from pykvbinding.server.dev.main import serve
from pykvbinding.server.dev.project import DevOptions
from pykvbinding.server.terminal import Terminal

SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=SETTINGS)
@click.version_option(__version__, message="pykvbinding %(version)s")
def commands() -> None:
    """An emulator of Workers KV: commands for local prototyping."""


@commands.command(context_settings=SETTINGS)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("-e", "--env", metavar="NAME", help="The environment of the wrangler file.")
@click.option(
    "--host",
    "--ip",
    metavar="ADDRESS",
    default="127.0.0.1",
    help="The address to listen on.",
    show_default=True,
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port to listen on. Default: 8787, or the next free port.",
)
@click.option(
    "--persist",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Store the data in this file when the server stops.",
)
@click.option("--clear", is_flag=True, help="Start without the data in the --persist file.")
@click.option("--no-reload", is_flag=True, help="Do not reload the Worker when files change.")
@click.option(
    "--locations",
    metavar="LHR,NRT",
    help="Simulate the edge: locations with a cache each, delayed visibility of writes from other "
    "locations, and at most one write per second to a key.",
)
@click.option("--at", metavar="LHR", help="The location where requests arrive.")
@click.option(
    "--test-scheduled",
    is_flag=True,
    help="Trigger scheduled events at /__scheduled, in addition to /cdn-cgi/handler/scheduled.",
)
@click.pass_context
def dev(
    context: click.Context,
    path: Path,
    env: str | None,
    host: str,
    port: int | None,
    persist: Path | None,
    locations: str | None,
    at: str | None,
    *,
    clear: bool,
    no_reload: bool,
    test_scheduled: bool,
) -> None:
    """Serve the Worker of a wrangler file on localhost.

    PATH is the file or its directory, by default the current directory. The Worker is reloaded
    when its files change, and keeps its data. Every request is logged with its KV operations.
    """
    codes = (locations or "").upper().split(",")
    options = DevOptions(
        path=path,
        environment=env,
        persist=persist,
        clear=clear,
        reloads=not no_reload,
        locations=tuple(code.strip() for code in codes if code.strip()),
        location=None if at is None else at.upper(),
        test_scheduled=test_scheduled,
    )
    context.exit(serve(options, host, port, Terminal()))
