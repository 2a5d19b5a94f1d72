"""Cron handlers triggered over HTTP, as in `wrangler dev`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dev_server import HEAD, Start, serving


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path) as start:
        yield start


CRON = (
    HEAD
    + """

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("mine")

    async def scheduled(self, controller, env, ctx):
        if controller.cron == "bad":
            raise ValueError("no")
        await self.env.KV.put("ran", f"{controller.cron} {controller.scheduledTime}")
"""
)


@pytest.mark.parametrize("path", ["/cdn-cgi/handler/scheduled", "/cdn-cgi/mf/scheduled"])
def test_triggers_the_scheduled_handler(path: str, start: Start) -> None:
    server = start(CRON)

    reply = server.get(f"{path}?cron=*/5+*+*+*+*&time=1700000000123")

    assert (reply.status, reply.text) == (200, "ok")
    ran = server.project.namespaces.account.namespace("kv").peek("ran")
    assert ran == "*/5 * * * * 1700000000123"
    assert server.lines()[1] == '    KV.put("ran")   25 B'


def test_reports_a_failing_handler(start: Start) -> None:
    server = start(CRON)

    reply = server.get("/cdn-cgi/handler/scheduled?cron=bad")

    assert (reply.status, reply.text) == (500, "exception")
    assert server.lines()[-1] == "    ValueError: no"


def test_reports_a_missing_handler(start: Start) -> None:
    server = start()

    reply = server.get("/cdn-cgi/handler/scheduled")

    assert (reply.status, reply.text) == (500, "exception")


def test_rejects_an_invalid_time(start: Start) -> None:
    assert start(CRON).get("/cdn-cgi/handler/scheduled?time=noon").status == 400


def test_test_scheduled_option_enables_another_path(start: Start) -> None:
    server = start(CRON, test_scheduled=True)

    assert server.get("/__scheduled?cron=x").text == "Ran scheduled event"
    assert server.get("/other").text == "mine"


def test_other_path_belongs_to_the_worker_by_default(start: Start) -> None:
    assert start(CRON).get("/__scheduled?cron=x").text == "mine"


def test_reports_an_unknown_handler_path(start: Start) -> None:
    reply = start(CRON).get("/cdn-cgi/handler/email")

    assert reply.status == 404
    assert 'Did you mean to use "/cdn-cgi/handler/scheduled"?' in reply.text


def test_other_paths_below_cdn_cgi_belong_to_the_worker(start: Start) -> None:
    assert start(CRON).get("/cdn-cgi/trace").text == "mine"


def test_rejects_triggers_from_other_origins(start: Start) -> None:
    server = start(CRON)
    path = "/cdn-cgi/handler/scheduled"

    by_host = server.get(path, host="evil.example")
    by_origin = server.get(path, origin="https://evil.example")

    assert (by_host.status, by_host.text) == (403, "Invalid Host header")
    assert (by_origin.status, by_origin.text) == (403, "Invalid Origin header")
    assert "ran" not in server.project.namespaces.account.namespace("kv")
