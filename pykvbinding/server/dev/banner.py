"""The first minute: what is served, where, with what data; and how to begin with nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pykvbinding._text.glyphs import wrap
from pykvbinding._text.spans import Span
from pykvbinding._text.tables import counted
from pykvbinding.server.terminal import Terminal

LABEL_COLUMNS: Final = 11

LEAST_WORKER: Final = """\
A Worker is a module and a file that says where it is. The least of both:

  wrangler.jsonc
    {
      "name": "hello",
      "main": "src/entry.py",
      "compatibility_date": "2026-11-01",
      "compatibility_flags": ["python_workers"],
      "kv_namespaces": [{ "binding": "KV" }]
    }

  src/entry.py
    from workers import Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            visits = int(await self.env.KV.get("visits") or 0) + 1
            await self.env.KV.put("visits", str(visits))
            return Response(f"Visit {visits}")

Or name the directory, or the file: python -m pykvbinding dev PATH
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What the banner tells; each line of it is left out where there is nothing to tell."""

    name: str
    config: Path
    environment: str | None
    url: str
    instead_of: int | None
    """The port that was in use."""

    namespaces: Sequence[tuple[str, int]]
    variables: Sequence[str]
    secrets: Sequence[str]
    secret_files: Sequence[Path]
    others: Sequence[tuple[str, str]]
    """Further bindings: a label, and what stands there."""

    locations: Sequence[str]
    location: str
    data: Path | None
    watches: Sequence[Path] | None
    crons: Sequence[str]


def welcome(terminal: Terminal, told: Welcome) -> None:
    """Write the banner."""
    environment = f", environment {told.environment}" if told.environment else ""
    terminal.line()
    terminal.line(
        Span("  pykvbinding ", "dim"),
        Span(told.name, "bold"),
        Span(f"  {shown_path(told.config)}{environment}", "dim"),
    )
    terminal.line()
    terminal.line(
        f"  {terminal.glyphs.arrow} ", Span(told.url, "cyan"), Span(_instead(told), "yellow")
    )
    terminal.line()
    for label, text in _lines(told):
        _write(terminal, label, text)
    terminal.line()
    terminal.line(Span("  Ctrl-C stops it.", "dim"))
    terminal.line()


def _write(terminal: Terminal, label: str, text: str) -> None:
    """One entry: lines that are meant to be copied are never broken."""
    room = max(terminal.columns() - LABEL_COLUMNS - 2, 20)
    head = f"  {label:{LABEL_COLUMNS}}"
    for line in text.splitlines():
        is_copied = line.startswith(("curl ", "http"))
        for part in [line] if is_copied else wrap(line, room):
            if is_copied:
                terminal.text(f"{' ' * len(head)}{part}", "cyan")
            else:
                terminal.line(Span(head, "dim"), part)
            head = " " * len(head)


def no_worker(terminal: Terminal, problem: str) -> None:
    """Say that there is no wrangler file, and what one looks like."""
    terminal.line(Span(problem, "red"))
    terminal.line()
    terminal.text(LEAST_WORKER)


def shown_path(path: Path) -> str:
    """A path as seen from the current directory, if it lies there or near."""
    path = path.absolute()
    here = Path.cwd()
    if path == here:
        return "."
    if path.is_relative_to(here):
        return str(path.relative_to(here))
    return str(path)


def _instead(told: Welcome) -> str:
    return "" if told.instead_of is None else f"   (port {told.instead_of} is in use)"


def _lines(told: Welcome) -> list[tuple[str, str]]:
    lines = [("KV", _namespaces(told.namespaces))]
    lines += [("variables", ", ".join(told.variables))]
    if told.secrets:
        files = " and ".join(map(shown_path, told.secret_files))
        lines.append(("secrets", f"{', '.join(told.secrets)}, from {files}"))
    lines += told.others
    if len(told.locations) > 1:
        lines.append(("location", _locations(told)))
    lines.append(("data", _data(told.data)))
    lines.append(("reload", _watches(told.watches)))
    if told.crons:
        cron = told.crons[0].replace(" ", "+")
        text = f'curl "{told.url}/cdn-cgi/handler/scheduled?cron={cron}"'
        lines.append(("crons", f"{', '.join(told.crons)}; to trigger one:\n{text}"))
    return [(label, text) for label, text in lines if text]


def _locations(told: Welcome) -> str:
    other = next(each for each in told.locations if each != told.location)
    port = told.url.rpartition(":")[2]
    return (
        f"{told.location}, of {', '.join(told.locations)}; to arrive elsewhere:\n"
        f"http://{other.lower()}.localhost:{port}\n"
        f"curl -H 'pykvbinding-at: {other}' {told.url}"
    )


def _namespaces(namespaces: Sequence[tuple[str, int]]) -> str:
    return ", ".join(
        f"{name} ({counted(keys, 'key')})" if keys else name for name, keys in namespaces
    )


def _data(data: Path | None) -> str:
    if data is None:
        return "in memory, until it stops; --persist FILE keeps them"
    return f"kept in {shown_path(data)}"


def _watches(watches: Sequence[Path] | None) -> str:
    if watches is None:
        return "off"
    return f"on changes of {', '.join(map(shown_path, watches))}"
