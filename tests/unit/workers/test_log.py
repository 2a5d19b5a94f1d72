"""Log records of a Worker, and notes on exceptions of its import."""

import logging

import pytest

from pykvbinding.workers import log
from tests.support.workers import worker_of
from tests.support.workers_fixture import workers  # noqa: F401 -- a fixture


def test_logs_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    log.warning("text")

    assert caplog.record_tuples == [("pykvbinding.workers", logging.WARNING, "text")]


async def test_traceback_starts_in_the_code_of_the_worker(
    workers: object,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fetch(self: object, request: object) -> None:
        raise ValueError("boom")

    await worker_of(workers, fetch).fetch("/")  # type: ignore[arg-type]

    (record,) = caplog.records
    assert record.exc_info is not None
    trace = record.exc_info[2]
    assert trace is not None
    assert trace.tb_frame.f_code.co_name == "fetch"
    assert trace.tb_next is None


def test_logs_an_exception_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    log.exception("shop", ValueError("boom"))

    assert caplog.messages == ["shop raised ValueError: boom"]


def test_note_names_the_worker_and_its_file() -> None:
    note = log.import_note("wrangler.jsonc", "src/entry.py", "shop")

    assert note == ("while importing src/entry.py, the Worker 'shop' of wrangler.jsonc")
    assert "the Worker of wrangler.jsonc" in log.import_note("wrangler.jsonc", "x", None)
