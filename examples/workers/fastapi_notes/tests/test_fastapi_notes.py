"""The notes: created, read, listed, changed and deleted over HTTP, and stale lists elsewhere."""
# ruff: noqa: D103 -- the names of tests are sentences

from collections.abc import Callable
from typing import Any

import pytest

from pykvbinding import EdgeNetwork, Limits, VirtualClock
from pykvbinding.workers import Worker

pytest.importorskip("fastapi", reason="the example is a FastAPI application")


async def create(worker: Worker, text: str, **more: Any) -> str:
    response = await worker.fetch("/notes", json={"text": text, **more})
    assert response.status == 201
    return str((await response.json())["id"])


async def titles(worker: Worker, at: str | None = None) -> list[str]:
    answer = await (await worker.fetch("/notes", at=at)).json()
    return [note["title"] for note in answer["notes"]]


async def test_creates_a_note(kv_worker: Worker) -> None:
    made = await kv_worker.fetch("/notes", json={"text": "Buy milk\nand bread", "tags": ["home"]})
    note = await made.json()

    found = await kv_worker.fetch(made.headers["location"])

    assert await found.json() == note
    assert note["text"] == "Buy milk\nand bread"
    stored = await kv_worker.env.NOTES.getWithMetadata(f"note:{note['id']}", "json")
    assert stored.metadata.title == "Buy milk"
    assert stored.value.tags == ["home"]


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "a", "tags": "b"}, []])
async def test_rejects_an_invalid_note(kv_worker: Worker, body: Any) -> None:
    assert (await kv_worker.fetch("/notes", json=body)).status == 422


async def test_missing_note_is_not_found(kv_worker: Worker) -> None:
    response = await kv_worker.fetch("/notes/1")

    assert response.status == 404
    assert await response.json() == {"detail": "No such note"}
    replaced = await kv_worker.fetch("/notes/1", method="PUT", json={"text": "new"})
    assert replaced.status == 404


async def test_changes_and_deletes_notes(kv_worker: Worker) -> None:
    path = f"/notes/{await create(kv_worker, 'old')}"

    changed = await kv_worker.fetch(path, method="PUT", json={"text": "new"})
    assert await changed.json() == {"id": path[7:], "text": "new", "tags": []}
    assert await titles(kv_worker) == ["new"]

    deleted = await kv_worker.fetch(path, method="DELETE")
    assert deleted.status == 204
    assert (await kv_worker.fetch(path)).status == 404
    assert await titles(kv_worker) == []


async def test_lists_notes_in_pages(kv_worker: Worker) -> None:
    made = {await create(kv_worker, f"note {number}") for number in range(5)}

    found, sizes, query = [], [], ""
    while True:
        page = await (await kv_worker.fetch(f"/notes?limit=2{query}")).json()
        found += [note["id"] for note in page["notes"]]
        sizes.append(len(page["notes"]))
        if page["cursor"] is None:
            break
        query = f"&cursor={page['cursor']}"

    assert found == sorted(made)
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize("limit", ["0", "1001", "many"])
async def test_rejects_a_limit_beyond_that_of_kv(kv_worker: Worker, limit: str) -> None:
    assert (await kv_worker.fetch(f"/notes?limit={limit}")).status == 422


@pytest.mark.kv(limits=Limits(writes_per_second_per_key=1))
async def test_rejects_two_changes_within_one_second(
    kv_worker: Worker, kv_clock: VirtualClock
) -> None:
    path = f"/notes/{await create(kv_worker, 'old')}"

    refused = await kv_worker.fetch(path, method="PUT", json={"text": "new"})
    kv_clock.advance(1)
    accepted = await kv_worker.fetch(path, method="PUT", json={"text": "new"})

    assert (refused.status, accepted.status) == (500, 200)


async def test_list_is_up_to_a_minute_old_elsewhere(
    kv_worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=kv_worker.env)
    worker = kv_worker.in_network(net)
    assert await titles(worker, at="NRT") == []

    response = await worker.fetch("/notes", json={"text": "hello"}, at="LHR")

    assert await titles(worker, at="NRT") == []  # the list is stale,
    read = await worker.fetch(response.headers["location"], at="NRT")
    assert read.status == 200  # and the note exists
    net.clock.advance(61)
    assert await titles(worker, at="NRT") == ["hello"]
