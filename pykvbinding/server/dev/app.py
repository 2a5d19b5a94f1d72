"""The ASGI application: passes requests to the Worker and writes both to the log."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.server.dev.http_request import (
    IncomingRequest,
    Receive,
    Scope,
    Send,
    is_local,
    parse_request,
)
from pykvbinding.server.dev.http_response import (
    PlainResponse,
    read_body,
    send_plain_response,
    send_response,
)
from pykvbinding.server.dev.log import Log, RequestLogEntry
from pykvbinding.server.dev.namespaces import current_operations
from pykvbinding.server.dev.project import WorkerProject
from pykvbinding.server.dev.tracebacks import error_page, summary

if TYPE_CHECKING:
    from pykvbinding.workers.runtime.worker import Worker

CDN_CGI: Final = "/cdn-cgi/"
HANDLERS: Final = "/cdn-cgi/handler/"
SCHEDULED: Final = ("/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled")
TEST_SCHEDULED: Final = "/__scheduled"

PRODUCTION_PAGE: Final = 'In production the visitor sees "error code: 1101".'


class App:
    """The application that uvicorn calls for each request.

    `host` is the listening address: requests for `/cdn-cgi/` must name it or this machine.
    `on_request_start` and `on_request_end` are called for each request.
    """

    def __init__(
        self,
        project: WorkerProject,
        log: Log,
        host: str,
        on_request_start: Callable[[], object],
        on_request_end: Callable[[], object],
    ) -> None:
        self._project = project
        self._log = log
        self._host = host
        self._on_request_start = on_request_start
        self._on_request_end = on_request_end
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self._on_request_start()
        self._number += 1
        project = self._project
        request = parse_request(scope, project.locations, project.location, self._number)
        record = RequestLogEntry(self._log, request.method, request.target, request.location)
        token = current_operations.set(record.operations)
        try:
            await self._serve(request, receive, send, record)
        finally:
            current_operations.reset(token)
            self._on_request_end()

    async def _serve(
        self, request: IncomingRequest, receive: Receive, send: Send, record: RequestLogEntry
    ) -> None:
        worker, failure = self._project.worker, self._project.failure
        response = self._own_response(request)
        if response is None and (failure is not None or worker is None):
            assert failure is not None
            response = self._error_response(
                failure, request, "Fix the file to serve the Worker again."
            )
        if response is None:
            assert worker is not None
            await self._dispatch(worker, request, receive, send, record)
            return
        await send_plain_response(send, response)
        record.responded(response.status)

    async def _dispatch(
        self,
        worker: "Worker",
        request: IncomingRequest,
        receive: Receive,
        send: Send,
        record: RequestLogEntry,
    ) -> None:
        """Pass the request to the Worker."""
        if request.path in SCHEDULED:
            await self._schedule(worker, request, send, record, ("ok", "exception"))
            return
        if request.path == TEST_SCHEDULED and self._project.options.test_scheduled:
            await self._schedule(worker, request, send, record, ("Ran scheduled event",) * 2)
            return
        from pykvbinding.js.fetch.request import METHODS, Request
        from pykvbinding.js.url.url import parse_url

        url = parse_url(request.url)
        if url is None or request.method not in METHODS:
            response = (
                PlainResponse(501, "Not Implemented") if url else PlainResponse(400, "Bad Request")
            )
            await send_plain_response(send, response)
            record.responded(response.status)
            return
        body = await read_body(receive)
        # Only one consumer may receive messages: the body stream, or the disconnect watcher.
        disconnects = None if isinstance(body, ReadableStream) else receive
        worker_request = Request.make(request.method, url, request.headers, body, request.cf)
        invocation = await worker.fetch_streaming(worker_request, at=request.location)
        failures = list(invocation.exceptions)
        if not failures:
            response = invocation.response.js_object
            status = response.status
            try:
                await send_response(send, disconnects, response, request)
            except Exception as error:
                record.responded(status, [error])
                raise
        else:
            response = self._error_response(failures[0], request, PRODUCTION_PAGE)
            status = response.status
            await send_plain_response(send, response)
        record.responded(status, failures)
        await invocation.finished()
        record.finished(invocation.exceptions[len(failures) :])

    async def _schedule(
        self,
        worker: "Worker",
        request: IncomingRequest,
        send: Send,
        record: RequestLogEntry,
        outcomes: tuple[str, str],
    ) -> None:
        """Trigger the `scheduled` handler, and respond as `wrangler dev` does."""
        query = parse_qs(request.target.partition("?")[2])
        errors: list[Exception] = []
        when = query.get("time", [""])[0]
        if when and not when.isdecimal():
            response = PlainResponse(400, "time must be in milliseconds since 1970")
        else:
            try:
                await worker.scheduled(
                    query.get("cron", [""])[0],
                    time=int(when) / 1000 if when else None,
                    at=request.location,
                )
                response = PlainResponse(200, outcomes[0])
            except Exception as error:
                errors.append(error)
                response = PlainResponse(500, outcomes[1])
        await send_plain_response(send, response)
        record.responded(response.status, errors)

    def _own_response(self, request: IncomingRequest) -> PlainResponse | None:
        """Return a response that does not come from the Worker, or None."""
        if request.wrong_location is not None:
            known = ", ".join(self._project.locations)
            text = f"{request.wrong_location} is not one of the locations: {known}"
            return PlainResponse(400, text)
        path = request.path
        if not path.startswith(CDN_CGI):
            return None
        if not is_local(request, self._host):
            header = "Origin" if request.origin else "Host"
            return PlainResponse(403, f"Invalid {header} header")
        if path.startswith(HANDLERS) and path not in SCHEDULED:
            hint = f'"{path}" is not a valid handler. Did you mean to use "{SCHEDULED[0]}"?'
            return PlainResponse(404, hint)
        return None

    def _error_response(
        self, failure: BaseException, request: IncomingRequest, note: str
    ) -> PlainResponse:
        """Return the traceback: as a page for a browser, otherwise as text."""
        traceback = self._log.traceback(failure)
        accepts = dict(request.headers).get("accept", "")
        if "text/html" in accepts:
            page = error_page(summary(failure), traceback, note)
            return PlainResponse(500, page, "text/html;charset=UTF-8")
        return PlainResponse(500, traceback)
