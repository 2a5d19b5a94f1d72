"""A tour of a Workers KV namespace: `python examples/tour.py [DIRECTORY]`.

It loads the files of a directory (this project's own if none is named) and a set of translations,
and then runs the lines of `TOUR` one by one, printing each with what it gives: what you see is what
ran. Time is virtual, so nothing waits.
"""

import argparse
import ast
import asyncio
import inspect
import mimetypes
import os
import sys
import warnings
from pathlib import Path
from pprint import pformat
from typing import Any

from pykvbinding import EdgeNetwork, KVError, KVNamespace, VirtualClock

WIDTH = 88
MOST_CHARACTERS = 900
SKIPPED_FOLDERS = ("node_modules", "__pycache__", "mutants")

# From the documentation's static-assets example: one message in eight languages.
TRANSLATIONS = {
    "en": ("English", "Hello World!"),
    "es": ("Español", "¡Hola Mundo!"),
    "fr": ("Français", "Bonjour le monde!"),
    "de": ("Deutsch", "Hallo Welt!"),
    "zh": ("中文", "你好，世界！"),
    "ja": ("日本語", "こんにちは、世界！"),
    "hi": ("हिन्दी", "नमस्ते दुनिया!"),
    "ar": ("العربية", "مرحبا بالعالم!"),
}

TOUR = """
# Write and read. Options are keywords or one dict, spelled as on the platform.
await kv.put("greeting", "hello", metadata={"lang": "en"})
await kv.get("greeting")
await kv.get("no such key")
await kv.getWithMetadata("greeting")

# One value, four types: text, json, arrayBuffer, stream.
await kv.put("user:1", '{"name": "Ana", "visits": 3.0}')
await kv.get("user:1")
await kv.get("user:1", "json")
await kv.get("user:1", type="arrayBuffer", cacheTtl=3600)
[chunk async for chunk in await kv.get("user:1", {"type": "stream"})]

# Up to 100 keys in one operation; a missing one is None.
await kv.get(["translation:ja", "translation:ar", "translation:tlh"])

# Keys come in the order of their UTF-8 bytes, a page at a time, with their metadata.
page = await kv.list(prefix="translation:", limit=3)
page["keys"]
(page.list_complete, page.cursor)
rest = await kv.list(prefix="translation:", cursor=page.cursor)
[key.name for key in rest["keys"]]
rest.list_complete

# The files of the directory are here too: a page of them, and the largest.
files = (await kv.list(prefix="file:"))["keys"]
len(files)
largest = max(files, key=lambda key: key.metadata.bytes)
(largest.name, largest.metadata)
len(await kv.get(largest.name, "arrayBuffer"))

# Keys expire at the very second. The test moves the clock; nobody sleeps.
await kv.put("session", "s3cret", expirationTtl=60)
(await kv.list(prefix="session"))["keys"]
clock.advance(59.9)
await kv.get("session")
clock.advance(0.1)
await kv.get("session")

# What production refuses is refused here, with the runtime's own words.
await kv.put("session", "s3cret", expirationTtl=30)

# What production silently ignores gives a warning.
await kv.put("session", "s3cret", expiration_ttl=3600)

# The test's side of the namespace is synchronous; a handler has no business there.
kv.namespace.seed({"flag:dark": "on", "flag:beta": {"value": "off", "metadata": {"by": "ana"}}})
kv.namespace.peek("flag:dark")
kv.namespace.peek_entry("flag:beta")
snapshot = kv.namespace.dump()
kv.namespace.clear()
len(kv.namespace)
kv.namespace.load(snapshot)
kv.namespace

# A second location. A write is seen at once where it is made, elsewhere when the copy has aged.
net = EdgeNetwork("LHR", "NRT")
net.namespace().seed({"flag": "off"})
await net.kv("NRT").get("flag")
await net.kv("LHR").put("flag", "on")
await net.kv("LHR").get("flag")
await net.kv("NRT").get("flag")
net.may_read("flag", at="NRT")
net.clock.advance(60)
await net.kv("NRT").get("flag")
print(net.history)
"""


def find_files(directory: Path) -> list[Path]:
    """The files below a directory, without hidden ones and without what tools leave behind."""
    found = []
    for path in sorted(directory.rglob("*")):
        parts = path.relative_to(directory).parts
        if not any(part.startswith(".") or part in SKIPPED_FOLDERS for part in parts):
            found.append(path)
    return [path for path in found if path.is_file()]


def load_files(kv: KVNamespace, directory: Path) -> int:
    """Seed one key a file, with its type and size as metadata. The number of files."""
    count = 0
    for path in find_files(directory):
        key = f"file:{path.relative_to(directory).as_posix()}"
        body = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        try:
            kv.namespace.seed({key: (body, {"metadata": {"type": kind, "bytes": len(body)}})})
            count += 1
        except KVError as refusal:
            print(f"{path.name} is left out: {refusal}")
    return count


def load_translations(kv: KVNamespace) -> int:
    """Seed one key a language. The number of languages."""
    kv.namespace.seed(
        {
            f"translation:{code}": (message, {"metadata": {"language": language}})
            for code, (language, message) in TRANSLATIONS.items()
        }
    )
    return len(TRANSLATIONS)


async def run_line(line: str, names: dict[str, Any]) -> str:
    """Run one line, `await` and all, and say what it gives: a value, a warning, an error."""
    said = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            said.append(await _evaluate(line, names))
        except KVError as error:
            said.append(f"KVError: {error}")
    notes = [f"{one.category.__name__}: {one.message}" for one in caught]
    return "\n".join(text for text in [*notes, *said] if text)


async def _evaluate(line: str, names: dict[str, Any]) -> str:
    is_value = isinstance(ast.parse(line).body[0], ast.Expr)
    source = f"__value__ = {line}" if is_value else line
    code = compile(source, "<tour>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running = eval(code, names)
    if inspect.isawaitable(running):
        await running
    value = names.pop("__value__", None)
    missing = is_value and value is None and ".get(" in line  # a read that found nothing says so
    return "None" if missing else "" if value is None else _shown(value)


def _shown(value: object) -> str:
    text = (
        f"<memoryview of {bytes(value)!r}>"
        if isinstance(value, memoryview)
        else pformat(value, width=WIDTH, sort_dicts=False)
    )
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]} …"


async def tour(directory: Path) -> None:
    """Load the namespace and walk through it."""
    bold, dim, plain = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")
    clock = VirtualClock(1_700_000_000)
    kv = KVNamespace(clock=clock)
    print(f"{load_files(kv, directory)} files of {directory.name}/", end=" and ")
    print(f"{load_translations(kv)} translations are loaded.")
    names: dict[str, Any] = {"kv": kv, "clock": clock, "EdgeNetwork": EdgeNetwork}
    for line in TOUR.splitlines():
        if line.startswith("#"):
            print(f"\n{bold}{line[2:]}{plain}")
        elif line:
            print(f"{dim}>>>{plain} {line}")
            if outcome := await run_line(line, names):
                print(outcome)


def main() -> None:
    """Read the command line and start."""
    parser = argparse.ArgumentParser(description="A tour of a Workers KV namespace.")
    default = Path(__file__).resolve().parent.parent
    parser.add_argument("directory", nargs="?", type=Path, default=default, help="files to load")
    directory = parser.parse_args().directory
    if not directory.is_dir() or not find_files(directory):
        parser.error(f"{directory} is no directory with files in it")
    try:
        asyncio.run(tour(directory.resolve()))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
