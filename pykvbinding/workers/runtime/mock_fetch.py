"""Mock of `fetch`: the responses that a test supplies for outbound requests."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response

MockResponse: TypeAlias = Any
"""A response of `workers` or of `js`; str or bytes, its body; dict or list, its JSON; int, its
status; an exception, raised; or a function of the request that returns any of these.
"""

MockRules: TypeAlias = Callable[[Any], Any] | Mapping[str, MockResponse]


class FetchMock:
    """Responds to outbound requests with the rules of `worker.mock_fetch`.

    `requests` are the requests so far, each converted by `wrap`.
    """

    def __init__(self, wrap: Callable[[Request], Any]) -> None:
        self._wrap = wrap
        self.rules: MockRules | None = None
        self.requests: list[Any] = []

    def set_rules(self, rules: MockRules | None) -> None:
        """Use these rules from now on.

        Raises: TypeError if `rules` is neither a function nor a mapping.
        """
        if rules is not None and not callable(rules) and not isinstance(rules, Mapping):
            raise TypeError(
                f"mock_fetch({rules!r}): expected a function of the request, or a dict such as "
                '{"https://api.example.com/*": {"ok": True}}'
            )
        self.rules = rules

    async def fetch(self, request: Request) -> Response:
        """Return the response to a request.

        Raises: the exception that the rules supply; RuntimeError if no rule matches.
        """
        rules = self.rules
        if rules is None:
            raise RuntimeError(
                f"fetch of {request.method} {request.url}: the network is disabled in tests. "
                f"Supply a response: worker.mock_fetch({{{request.url!r}: …}})"
            )
        wrapped = self._wrap(request)
        self.requests.append(wrapped)
        result = rules if callable(rules) else self._find(rules, request)
        if callable(result) and not isinstance(result, type):
            result = result(wrapped)
            if hasattr(result, "__await__"):
                result = await result
        return _to_response(result, request.url)

    @staticmethod
    def _find(rules: Mapping[str, MockResponse], request: Request) -> MockResponse:
        """Return the response whose pattern matches the URL, or method and URL."""
        url, method = request.url, request.method
        for pattern, result in rules.items():
            if pattern in (url, f"{method} {url}"):
                return result
        for pattern, result in rules.items():
            if fnmatchcase(url, pattern) or fnmatchcase(f"{method} {url}", pattern):
                return result
        raise RuntimeError(
            f"fetch of {method} {url}: no pattern of mock_fetch matches; "
            f"the patterns are {', '.join(map(repr, rules))}"
        )


def _to_response(result: MockResponse, url: str) -> Response:
    if isinstance(result, BaseException):
        raise result
    result = getattr(result, "js_object", result)
    if isinstance(result, Response):
        return result.clone()  # the same response may be used again
    if isinstance(result, int) and not isinstance(result, bool):
        return Response(None, {"status": result})
    if isinstance(result, str | bytes):
        return Response(result)
    if isinstance(result, dict | list):
        from json import dumps

        return Response(dumps(result), {"headers": [("content-type", "application/json")]})
    raise TypeError(
        f"mock_fetch: {result!r} is not a response for {url}; expected a Response, a str or bytes, "
        "a dict or list (JSON), an int (status), an exception, or a function that returns one"
    )
