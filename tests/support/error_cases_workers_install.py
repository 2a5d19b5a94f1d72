"""For every text of the runtime's modules, a call that raises it."""

from collections.abc import Callable
from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.workers.install import import_workers, install

Case = tuple[Callable[[Any], Any], Exception]


def wait_until(_: object) -> None:
    with install():
        import_workers().wait_until(None)


CASES: dict[str, Case] = {
    "outside_of_invocations": (
        wait_until,
        JsException(
            "Error",
            "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or "
            "connect()), setting a timeout, and generating random values are not allowed within "
            "global scope. To fix this error, perform this operation within a handler. "
            "https://developers.cloudflare.com/workers/runtime-apis/handlers/",
        ),
    ),
}
