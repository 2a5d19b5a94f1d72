"""Notes over HTTP: a FastAPI application that finds KV in the scope of each request."""

import json
import uuid
from typing import Annotated, Any

import asgi
from fastapi import FastAPI, HTTPException, Query, Request, Response
from pydantic import BaseModel, Field
from workers import WorkerEntrypoint

LONGEST_TITLE = 100

app = FastAPI(title="Notes")


class Note(BaseModel):
    """The body of a request: a text, and optional tags."""

    text: str = Field(min_length=1)
    tags: list[str] = []


class Default(WorkerEntrypoint):
    """Passes each request to the application."""

    async def fetch(self, request: Any) -> Any:
        """Return the response of the application."""
        return await asgi.fetch(app, request.js_object, self.env)


def notes_of(request: Request) -> Any:
    """Return the namespace of the notes."""
    return request.scope["env"].NOTES


async def keep(request: Request, id: str, note: Note) -> dict[str, Any]:
    """Store a note. Its title is metadata, so that a list does not read every note."""
    title = note.text.splitlines()[0][:LONGEST_TITLE]
    value = json.dumps(note.model_dump())
    await notes_of(request).put(f"note:{id}", value, metadata={"title": title})
    return {"id": id, **note.model_dump()}


@app.post("/notes", status_code=201)
async def create(note: Note, request: Request, response: Response) -> dict[str, Any]:
    """Create a note."""
    created = await keep(request, uuid.uuid4().hex, note)
    response.headers["location"] = f"/notes/{created['id']}"
    return created


@app.get("/notes")
async def index(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1000)] = 20,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return a page of ids and titles; `cursor`, if present, continues the list."""
    options = {"cursor": cursor} if cursor else {}
    page = await notes_of(request).list(prefix="note:", limit=limit, **options)
    notes = [
        {"id": key["name"].removeprefix("note:"), "title": key["metadata"]["title"]}
        for key in page["keys"]
    ]
    # A page may be short or empty and not be the last one: only list_complete shows the end.
    return {"notes": notes, "cursor": None if page["list_complete"] else page["cursor"]}


@app.get("/notes/{id}")
async def read(id: str, request: Request) -> dict[str, Any]:
    """Return a note."""
    note = await notes_of(request).get(f"note:{id}", "json")
    if note is None:
        raise HTTPException(404, "No such note")
    return {"id": id, **note}


@app.put("/notes/{id}")
async def replace(id: str, note: Note, request: Request) -> dict[str, Any]:
    """Replace a note."""
    await read(id, request)
    return await keep(request, id, note)


@app.delete("/notes/{id}", status_code=204)
async def delete(id: str, request: Request) -> None:
    """Delete a note. As in KV, deleting a missing note is not an error."""
    await notes_of(request).delete(f"note:{id}")
