"""Scheduled events that are triggered over HTTP, as `wrangler dev` has it."""

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
def test_a_scheduled_event_is_triggered(path: str, start: Start) -> None:
    server = start(CRON)

    reply = server.get(f"{path}?cron=*/5+*+*+*+*&time=1700000000123")

    assert (reply.status, reply.text) == (200, "ok")
    ran = server.session.namespaces.account.namespace("kv").peek("ran")
    assert ran == "*/5 * * * * 1700000000123"
    assert server.lines()[1] == '    KV.put("ran")   25 B'


def test_a_scheduled_event_that_fails_says_so(start: Start) -> None:
    server = start(CRON)

    reply = server.get("/cdn-cgi/handler/scheduled?cron=bad")

    assert (reply.status, reply.text) == (500, "exception")
    assert server.lines()[-1] == "    ValueError: no"


def test_a_worker_without_the_handler_cannot_be_triggered(start: Start) -> None:
    server = start()

    reply = server.get("/cdn-cgi/handler/scheduled")

    assert (reply.status, reply.text) == (500, "exception")


def test_a_time_is_a_number(start: Start) -> None:
    assert start(CRON).get("/cdn-cgi/handler/scheduled?time=noon").status == 400


def test_another_path_triggers_it_if_that_is_asked_for(start: Start) -> None:
    server = start(CRON, test_scheduled=True)

    assert server.get("/__scheduled?cron=x").text == "Ran scheduled event"
    assert server.get("/other").text == "mine"


def test_without_being_asked_for_that_path_is_the_workers(start: Start) -> None:
    assert start(CRON).get("/__scheduled?cron=x").text == "mine"


def test_a_handler_that_there_is_none_of_is_told(start: Start) -> None:
    reply = start(CRON).get("/cdn-cgi/handler/email")

    assert reply.status == 404
    assert 'Did you mean to use "/cdn-cgi/handler/scheduled"?' in reply.text


def test_other_paths_below_are_the_workers(start: Start) -> None:
    assert start(CRON).get("/cdn-cgi/trace").text == "mine"


def test_handlers_are_not_triggered_from_elsewhere(start: Start) -> None:
    server = start(CRON)
    path = "/cdn-cgi/handler/scheduled"

    by_host = server.get(path, host="evil.example")
    by_origin = server.get(path, origin="https://evil.example")

    assert (by_host.status, by_host.text) == (403, "Invalid Host header")
    assert (by_origin.status, by_origin.text) == (403, "Invalid Origin header")
    assert "ran" not in server.session.namespaces.account.namespace("kv")
