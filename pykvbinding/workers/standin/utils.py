"""`workers.utils`: modules of the platform, and an env that a test patches."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pykvbinding.js.types.to_js import to_js
from pykvbinding.workers.runtime_modules import module_named, patched_env


def import_from_javascript(module_name: str) -> Any:
    """A module of the platform: "cloudflare:workers" or "cloudflare:sockets".

    Raises: NotImplementedError for any other, "import_from_javascript('node:fs') is not emulated …"
    """
    return module_named(module_name)


@contextmanager
def patch_env(
    d: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None, **named: Any
) -> Iterator[None]:
    """Within it, `workers.env` has these members before its own."""
    # A Map, as the SDK sends it: what is a dict in it comes out as a Map.
    with patched_env(to_js({**dict(d or {}), **named})):
        yield
