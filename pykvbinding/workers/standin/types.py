"""`workers.types`: the names with which a Python Worker annotates its handlers."""

from collections.abc import Awaitable
from typing import Any, Final, Protocol, TypedDict

JSBody: Final = "js.Blob | JsBuffer | js.FormData | js.ReadableStream | js.URLSearchParams"
"""The JavaScript values that are a body."""

Body: Final = "str | FormData | JSBody"
"""What a response or request may have as its body."""

Headers: Final = "dict[str, str] | list[tuple[str, str]] | js.Headers"
"""What `headers` may be."""


class Context(Protocol):
    """The `ctx` of an invocation."""

    def waitUntil(self, other: Awaitable[Any]) -> None:
        """Let the invocation last until `other` has ended."""
        ...


class RequestInitCfProperties(TypedDict, total=False):
    """What a request may ask of the network that serves it, as `cf`."""

    apps: bool | None
    cacheEverything: bool | None
    cacheKey: str | None
    cacheTags: list[str] | None
    cacheTtl: int
    cacheTtlByStatus: dict[str, int]
    image: Any
    mirage: bool | None
    polish: str | None
    resolveOverride: str | None
    scrapeShield: bool | None
    webp: bool | None


class FetchKwargs(TypedDict, total=False):
    """What `fetch` and `Request` take as keywords."""

    headers: Any
    body: Any
    method: Any
    redirect: str | None
    cf: RequestInitCfProperties | None
    fetcher: Any
