"""The banner at start-up, and the help without a Worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pykvbinding._text.glyphs import wrap
from pykvbinding._text.spans import StyledText
from pykvbinding._text.tables import pluralize
from pykvbinding.server.terminal import Terminal

LABEL_COLUMNS: Final = 11

MINIMAL_WORKER: Final = """\
A Worker needs a wrangler file and a module. A minimal example:

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

Or pass the directory or the file: python -m pykvbinding dev PATH
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerData:
    """The content of the banner. Entries without content are omitted."""

    name: str
    config: Path
    environment: str | None
    url: str
    port_in_use: int | None
    """The requested port, if it was in use."""

    namespaces: Sequence[tuple[str, int]]
    variables: Sequence[str]
    secrets: Sequence[str]
    secret_files: Sequence[Path]
    other_bindings: Sequence[tuple[str, str]]
    """Bindings other than KV: a label, and a description."""

    locations: Sequence[str]
    location: str
    data: Path | None
    watched_paths: Sequence[Path] | None
    crons: Sequence[str]


def print_banner(terminal: Terminal, data: BannerData) -> None:
    """Write the banner."""
    environment = f", environment {data.environment}" if data.environment else ""
    terminal.line()
    terminal.line(
        StyledText("  pykvbinding ", "dim"),
        StyledText(data.name, "bold"),
        StyledText(f"  {shown_path(data.config)}{environment}", "dim"),
    )
    terminal.line()
    terminal.line(
        f"  {terminal.glyphs.arrow} ",
        StyledText(data.url, "cyan"),
        StyledText(_port_note(data), "yellow"),
    )
    terminal.line()
    for label, text in _entries(data):
        _write(terminal, label, text)
    terminal.line()
    terminal.line(StyledText("  Press Ctrl-C to stop.", "dim"))
    terminal.line()


def _write(terminal: Terminal, label: str, text: str) -> None:
    """Write one entry. Lines that are meant to be copied are never wrapped."""
    width = max(terminal.columns() - LABEL_COLUMNS - 2, 20)
    head = f"  {label:{LABEL_COLUMNS}}"
    for line in text.splitlines():
        is_copied = line.startswith(("curl ", "http"))
        for part in [line] if is_copied else wrap(line, width):
            if is_copied:
                terminal.text(f"{' ' * len(head)}{part}", "cyan")
            else:
                terminal.line(StyledText(head, "dim"), part)
            head = " " * len(head)


def print_missing_worker(terminal: Terminal, problem: str) -> None:
    """Report a missing wrangler file, and show a minimal Worker."""
    terminal.line(StyledText(problem, "red"))
    terminal.line()
    terminal.text(MINIMAL_WORKER)


def shown_path(path: Path) -> str:
    """Return the path relative to the current directory, if it is inside of it."""
    path = path.absolute()
    here = Path.cwd()
    if path == here:
        return "."
    if path.is_relative_to(here):
        return str(path.relative_to(here))
    return str(path)


def _port_note(data: BannerData) -> str:
    return "" if data.port_in_use is None else f"   (port {data.port_in_use} is in use)"


def _entries(data: BannerData) -> list[tuple[str, str]]:
    lines = [("KV", _namespaces_text(data.namespaces))]
    lines += [("variables", ", ".join(data.variables))]
    if data.secrets:
        files = " and ".join(map(shown_path, data.secret_files))
        lines.append(("secrets", f"{', '.join(data.secrets)}, from {files}"))
    lines += data.other_bindings
    if len(data.locations) > 1:
        lines.append(("location", _location_text(data)))
    lines.append(("data", _data_text(data.data)))
    lines.append(("reload", _reload_text(data.watched_paths)))
    if data.crons:
        cron = data.crons[0].replace(" ", "+")
        text = f'curl "{data.url}/cdn-cgi/handler/scheduled?cron={cron}"'
        lines.append(("crons", f"{', '.join(data.crons)}; to trigger one:\n{text}"))
    return [(label, text) for label, text in lines if text]


def _location_text(data: BannerData) -> str:
    other = next(location for location in data.locations if location != data.location)
    port = data.url.rpartition(":")[2]
    return (
        f"{data.location}, of {', '.join(data.locations)}; to use another one:\n"
        f"http://{other.lower()}.localhost:{port}\n"
        f"curl -H 'pykvbinding-at: {other}' {data.url}"
    )


def _namespaces_text(namespaces: Sequence[tuple[str, int]]) -> str:
    return ", ".join(
        f"{name} ({pluralize(keys, 'key')})" if keys else name for name, keys in namespaces
    )


def _data_text(data: Path | None) -> str:
    if data is None:
        return "in memory; --persist FILE keeps it"
    return f"kept in {shown_path(data)}"


def _reload_text(watched_paths: Sequence[Path] | None) -> str:
    if watched_paths is None:
        return "off"
    return f"on changes of {', '.join(map(shown_path, watched_paths))}"
