"""What a handler's `fetch` reaches in a test: the answers that the test supplies."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response

Answer: TypeAlias = Any
"""A response of `workers` or of `js`; str or bytes, its body; dict or list, its JSON; int, its
status; an exception, raised; or a function of the request that returns any of these."""

Mock: TypeAlias = Callable[[Any], Any] | Mapping[str, Answer]


class Outbound:
    """The world outside, as `worker.mock_fetch` describes it.

    `requests` are those that were made, as `wrap` shows them.
    """

    def __init__(self, wrap: Callable[[Request], Any]) -> None:
        self._wrap = wrap
        self.mocked: Mock | None = None
        self.requests: list[Any] = []

    def mock(self, mock: Mock | None) -> None:
        """Answer with this from now on.

        Raises: TypeError for what is neither a function nor a mapping.
        """
        if mock is not None and not callable(mock) and not isinstance(mock, Mapping):
            raise TypeError(
                f"mock_fetch({mock!r}): give a function of the request, or a dict as in "
                '{"https://api.example.com/*": {"ok": True}}'
            )
        self.mocked = mock

    async def fetch(self, request: Request) -> Response:
        """The answer to a request.

        Raises: what the answer is, if that is an exception; RuntimeError where there is none.
        """
        mock = self.mocked
        if mock is None:
            raise RuntimeError(
                f"fetch of {request.method} {request.url}: tests reach no network. "
                f"Say what it answers: worker.mock_fetch({{{request.url!r}: …}})"
            )
        wrapped = self._wrap(request)
        self.requests.append(wrapped)
        answer = mock if callable(mock) else self._find(mock, request)
        if callable(answer) and not isinstance(answer, type):
            answer = answer(wrapped)
            if hasattr(answer, "__await__"):
                answer = await answer
        return _response(answer, request.url)

    @staticmethod
    def _find(mock: Mapping[str, Answer], request: Request) -> Answer:
        """The answer whose pattern is met: the URL, or the method and the URL; `*` is anything."""
        url, method = request.url, request.method
        for pattern, answer in mock.items():
            if pattern in (url, f"{method} {url}"):
                return answer
        for pattern, answer in mock.items():
            if fnmatchcase(url, pattern) or fnmatchcase(f"{method} {url}", pattern):
                return answer
        raise RuntimeError(
            f"fetch of {method} {url}: mock_fetch has no answer for it; "
            f"there are {', '.join(map(repr, mock))}"
        )


def _response(answer: Answer, url: str) -> Response:
    if isinstance(answer, BaseException):
        raise answer
    answer = getattr(answer, "js_object", answer)
    if isinstance(answer, Response):
        return answer.clone()  # it may be asked for again
    if isinstance(answer, int) and not isinstance(answer, bool):
        return Response(None, {"status": answer})
    if isinstance(answer, str | bytes):
        return Response(answer)
    if isinstance(answer, dict | list):
        from json import dumps

        return Response(dumps(answer), {"headers": [("content-type", "application/json")]})
    raise TypeError(
        f"mock_fetch: {answer!r} answers nothing of {url}; give a Response, a str or bytes, a dict "
        "or list (JSON), an int (status), an exception, or a function that returns one"
    )
