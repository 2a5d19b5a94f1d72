"""The ASGI application: a request in, the Worker's answer out, and both into the log."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from pykvbinding.js.streams.readable import ReadableStream
from pykvbinding.server.dev.http_request import (
    Incoming,
    Receive,
    Scope,
    Send,
    is_local,
    read_incoming,
)
from pykvbinding.server.dev.http_response import Answer, read_body, send_answer, send_response
from pykvbinding.server.dev.log import Log, Record
from pykvbinding.server.dev.namespaces import OPERATIONS
from pykvbinding.server.dev.project import Session
from pykvbinding.server.dev.tracebacks import error_page, summary

if TYPE_CHECKING:
    from pykvbinding.workers.runtime.worker import Worker

CDN_CGI: Final = "/cdn-cgi/"
HANDLERS: Final = "/cdn-cgi/handler/"
SCHEDULED: Final = ("/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled")
TEST_SCHEDULED: Final = "/__scheduled"

PRODUCTION_PAGE: Final = 'In production the visitor sees "error code: 1101".'


class App:
    """What uvicorn calls for each request.

    `host` is the address that is listened on: requests for `/cdn-cgi/` have to name it, or this
    machine. `before` and `after` are called for each request.
    """

    def __init__(
        self,
        session: Session,
        log: Log,
        host: str,
        before: Callable[[], object],
        after: Callable[[], object],
    ) -> None:
        self._session = session
        self._log = log
        self._host = host
        self._before = before
        self._after = after
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        self._before()
        self._number += 1
        session = self._session
        incoming = read_incoming(scope, session.locations, session.location, self._number)
        record = Record(self._log, incoming.method, incoming.target, incoming.location)
        token = OPERATIONS.set(record.operations)
        try:
            await self._serve(incoming, receive, send, record)
        finally:
            OPERATIONS.reset(token)
            self._after()

    async def _serve(
        self, incoming: Incoming, receive: Receive, send: Send, record: Record
    ) -> None:
        worker, failure = self._session.worker, self._session.failure
        answer = self._refusal(incoming)
        if answer is None and (failure is not None or worker is None):
            assert failure is not None
            answer = self._failed(failure, incoming, "It is served again when the file is fixed.")
        if answer is None:
            assert worker is not None
            await self._ask(worker, incoming, receive, send, record)
            return
        await send_answer(send, answer)
        record.responded(answer.status)

    async def _ask(
        self, worker: "Worker", incoming: Incoming, receive: Receive, send: Send, record: Record
    ) -> None:
        """Let the Worker answer."""
        if incoming.path in SCHEDULED:
            await self._schedule(worker, incoming, send, record, ("ok", "exception"))
            return
        if incoming.path == TEST_SCHEDULED and self._session.options.test_scheduled:
            await self._schedule(worker, incoming, send, record, ("Ran scheduled event",) * 2)
            return
        from pykvbinding.js.fetch.request import METHODS, Request
        from pykvbinding.js.url.url import parse_url

        url = parse_url(incoming.url)
        if url is None or incoming.method not in METHODS:
            refusal = Answer(501, "Not Implemented") if url else Answer(400, "Bad Request")
            await send_answer(send, refusal)
            record.responded(refusal.status)
            return
        body = await read_body(receive)
        # Only one may ask what comes in: who reads the body, or who waits for the client to go.
        watching = None if isinstance(body, ReadableStream) else receive
        request = Request.make(incoming.method, url, incoming.headers, body, incoming.cf)
        visit = await worker.fetch_streaming(request, at=incoming.location)
        failures = list(visit.exceptions)
        if not failures:
            response = visit.response.js_object
            status = response.status
            try:
                await send_response(send, watching, response, incoming)
            except Exception as error:
                record.responded(status, [error])
                raise
        else:
            answer = self._failed(failures[0], incoming, PRODUCTION_PAGE)
            status = answer.status
            await send_answer(send, answer)
        record.responded(status, failures)
        await visit.finished()
        record.finished(visit.exceptions[len(failures) :])

    async def _schedule(
        self,
        worker: "Worker",
        incoming: Incoming,
        send: Send,
        record: Record,
        outcomes: tuple[str, str],
    ) -> None:
        """Trigger the handler of scheduled events, and answer as `wrangler dev` does."""
        query = parse_qs(incoming.target.partition("?")[2])
        errors: list[Exception] = []
        when = query.get("time", [""])[0]
        if when and not when.isdecimal():
            answer = Answer(400, "time has to be in milliseconds since 1970")
        else:
            try:
                await worker.scheduled(
                    query.get("cron", [""])[0],
                    time=int(when) / 1000 if when else None,
                    at=incoming.location,
                )
                answer = Answer(200, outcomes[0])
            except Exception as raised:
                errors.append(raised)
                answer = Answer(500, outcomes[1])
        await send_answer(send, answer)
        record.responded(answer.status, errors)

    def _refusal(self, incoming: Incoming) -> Answer | None:
        """What is answered in the place of the Worker, if anything is."""
        if incoming.wrong_location is not None:
            there = ", ".join(self._session.locations)
            text = f"{incoming.wrong_location} is not one of the locations: {there}"
            return Answer(400, text)
        path = incoming.path
        if not path.startswith(CDN_CGI):
            return None
        if not is_local(incoming, self._host):
            wrong = "Origin" if incoming.origin else "Host"
            return Answer(403, f"Invalid {wrong} header")
        if path.startswith(HANDLERS) and path not in SCHEDULED:
            hint = f'"{path}" is not a valid handler. Did you mean to use "{SCHEDULED[0]}"?'
            return Answer(404, hint)
        return None

    def _failed(self, failure: BaseException, incoming: Incoming, note: str) -> Answer:
        """The traceback: as a page for a browser, as text for anything else."""
        traceback = self._log.traceback(failure)
        accepts = dict(incoming.headers).get("accept", "")
        if "text/html" in accepts:
            page = error_page(summary(failure), traceback, note)
            return Answer(500, page, "text/html;charset=UTF-8")
        return Answer(500, traceback)
