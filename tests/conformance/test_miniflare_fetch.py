"""Random programs over requests, responses and streams: workerd and we answer the same."""

import asyncio
import base64
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from pykvbinding import KVNamespace
from pykvbinding.errors import JsException
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch.blob import Blob
from pykvbinding.js.fetch.form_data import FormData
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.fetch.request import Request
from pykvbinding.js.fetch.response import Response
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.streams.transform import TransformStream
from pykvbinding.js.types.error import JsError
from pykvbinding.js.types.object import JsArray, JsObject, entries_of
from pykvbinding.js.types.typed_array import ArrayBuffer, TypedArray, Uint8Array
from pykvbinding.js.url.search_params import URLSearchParams
from tests.support.npm import node_modules
from tests.support.paths import CONFORMANCE

Step: TypeAlias = list[Any]

PROGRAMS = 400
STEPS = 12
LATE_SECONDS = 0.5

UNDEFINED = {"$undefined": 1}
BODIES: list[Any] = ["", "text", "é", "\ufeffbom", "a\ud800b", '{"a": [1, null, "x"]}', "[1,", 5]
BODIES += [True, None, UNDEFINED, {"$bytes": "7aC9/w=="}, {"$bytes": ""}, "a=1&b=%20+", {}]
BODIES += [{"$search": "a=1&b=é"}, {"$blob": "hi", "type": "TEXT/css"}, {"$blob": "", "type": ""}]
BODIES += ["x" * 5000]
STATUSES: list[Any] = [200, 201, 204, 304, 205, 404, 199, 600, 299, 425, 509, "201", 200.9, None]
STATUSES += [0, 101, 1e10, "abc", True, -1]
STATUS_TEXTS: list[Any] = ["", "Fine", "a\nb", "é", 5, None, "a\tb"]
TYPES = ["text/html", "application/x-www-form-urlencoded", "application/JSON; a=b", "", "garbage"]
TYPES += ["multipart/form-data", "text/a, text/b", "multipart/form-data; boundary=x"]
HEADERS: list[Any] = [[["A", "1"], ["a", "2"]], {"x": "y"}, [["Set-Cookie", "a"]], 5, None, {}]
HEADERS += [[["a"]], {"a b": "c"}, "text"] + [{"Content-Type": value} for value in TYPES]
METHODS: list[Any] = ["GET", "post", "Put", "HEAD", "DELETE", "FOO", "", "propfind", None, 5]
URLS: list[Any] = ["http://a", "http://a/b?c#d", "HTTP://A.com:80/é", "nope", "", "/x", None, 5]
REDIRECTS: list[Any] = ["follow", "manual", "error", "", None]
READS = ["text", "text", "bytes", "arrayBuffer", "json", "blob", "formData", "clone"]
NAMES = ["status", "statusText", "ok", "bodyUsed", "bodyUsed", "url", "redirected", "type"]
REQUEST_NAMES = ["method", "url", "redirect", "bodyUsed", "cf", "cache", "integrity", "keepalive"]
CHUNKS: list[Any] = [{"$bytes": "YWI="}, {"$bytes": "w6k="}, {"$bytes": "/w=="}, "text", 5]


class Author:
    """Writes one program, and knows what kind of thing each step holds."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.steps: list[Step] = []
        self.kinds: list[str] = []

    def program(self) -> list[Step]:
        while len(self.steps) < STEPS and "piped" not in self.kinds:
            kinds = [kind for kind in set(self.kinds) if kind]
            if not kinds or self.draw.random() < 0.25:
                self.begin()
            else:
                self.go_on(self.draw.choice(sorted(kinds)))
        if "piped" in self.kinds:  # when the streams of a pipe let go, is another matter
            what = self.draw.choice(["drain", "first", "put"])
            self.add("", what, self.one("piped"))
        return self.steps

    def add(self, kind: str, *step: Any) -> None:
        self.steps.append(list(step))
        self.kinds.append(kind)

    def one(self, *kinds: str) -> dict[str, int]:
        """Something that was held before, the latest most likely."""
        places = [place for place, kind in enumerate(self.kinds) if kind in kinds]
        return {"$held": places[-1] if self.draw.random() < 0.7 else self.draw.choice(places)}

    def body(self) -> Any:
        if "stream" in self.kinds and self.draw.random() < 0.3:
            return self.one("stream")
        return self.draw.choice(BODIES)

    def init(self, **choices: Callable[[], Any]) -> Any:
        if self.draw.random() < 0.2:
            return self.draw.choice([UNDEFINED, None, 5, "text", []])
        return {name: make() for name, make in choices.items() if self.draw.random() < 0.4}

    def response_init(self) -> Any:
        if "response" in self.kinds and self.draw.random() < 0.1:
            return self.one("response")
        choose = self.draw.choice
        return self.init(
            status=lambda: choose(STATUSES),
            statusText=lambda: choose(STATUS_TEXTS),
            headers=lambda: choose(HEADERS),
        )

    def begin(self) -> None:
        choose = self.draw.choice
        kind = choose(["response", "response", "request", "request", "json", "redirect", "stream"])
        if kind == "response":
            self.add("response", "response", self.body(), self.response_init())
        elif kind == "request":
            held = "request" in self.kinds and self.draw.random() < 0.5
            init = self.init(
                method=lambda: choose(METHODS),
                headers=lambda: choose(HEADERS),
                body=self.body,
                redirect=lambda: choose(REDIRECTS),
            )
            self.add("request", "request", self.one("request") if held else choose(URLS), init)
        elif kind == "json":
            data: Any = choose([{"a": 1, "b": [None, "é", 1.5]}, "text", 5, [], True, None])
            self.add("response", "json", data, self.response_init())
        elif kind == "redirect":
            self.add(
                "response", "redirect", choose(URLS), choose([301, 302, 200, "303", UNDEFINED])
            )
        else:
            chunks = [choose(CHUNKS[: choose([3, 3, 3, 5])]) for _ in range(choose([0, 1, 2, 3]))]
            self.add("stream", "stream", chunks, choose(["", "", "", "failed"]))

    def go_on(self, kind: str) -> None:
        held, choose = self.one(kind), self.draw.choice
        if kind in ("request", "response"):
            self.go_on_with_body(kind, held)
        elif kind == "stream":
            self.go_on_with_stream(held)
        else:
            method = choose(["read", "read", "read", "releaseLock", "cancel"])
            self.add("", "call", held, method)

    def go_on_with_body(self, kind: str, held: dict[str, int]) -> None:
        choose = self.draw.choice
        what = choose(["call", "call", "get", "get", "body", "headers", "header"])
        if what == "call":
            method = choose(READS)
            self.add(kind if method == "clone" else "", "call", held, method)
        elif what == "get":
            self.add("", "get", held, choose(NAMES if kind == "response" else REQUEST_NAMES))
        elif what == "body":
            self.add("stream", "get", held, "body")
        elif what == "headers":
            self.add("", "headers", held)
        else:
            method = choose(["set", "append", "delete", "get", "has"])
            given = ["X-a", "1"] if method in ("set", "append") else [choose(["x-a", "a b", "a"])]
            self.add("", "header", held, method, *given)

    def go_on_with_stream(self, held: dict[str, int]) -> None:
        choose = self.draw.choice
        what = choose(["reader", "tee", "drain", "first", "put", "locked", "cancel", "through"])
        if what == "reader":
            self.add("reader", "call", held, "getReader")
        elif what == "tee":
            self.add("stream", "tee", held, choose([0, 1]))
        elif what == "through":
            self.add("piped", "through", held)
        elif what == "locked":
            self.add("", "get", held, "locked")
        elif what == "cancel":
            self.add("", "call", held, "cancel", "enough")
        else:
            self.add("", what, held)


def decoded(value: Any, held: list[Any]) -> Any:
    if isinstance(value, list):
        return JsArray([decoded(item, held) for item in value])
    if value is None:
        return jsnull
    if not isinstance(value, dict):
        return value
    if "$held" in value:
        found = held[value["$held"]]
        if found is None:
            raise LookupError("skipped")
        return found
    if "$bytes" in value:
        return Uint8Array.of_bytes(base64.b64decode(value["$bytes"]))
    if "$undefined" in value:
        return None
    if "$blob" in value:
        return Blob(JsArray([value["$blob"]]), JsObject({"type": value["type"]}))
    if "$search" in value:
        return URLSearchParams(value["$search"])
    return JsObject({name: decoded(item, held) for name, item in value.items()})


def encoded(value: Any) -> Any:
    if value is None:
        return UNDEFINED
    if isinstance(value, bytes | ArrayBuffer | TypedArray):
        content = value if isinstance(value, bytes) else value.to_bytes()
        return {"$bytes": base64.b64encode(content).decode()}
    if isinstance(value, Blob):
        return {"$blob": value.size, "type": value.type}
    if isinstance(value, FormData | Headers):
        return {"$pairs": [list(pair) for pair in value]}
    if value is jsnull:
        return None
    if isinstance(value, JsArray):
        return [encoded(item) for item in value]
    if isinstance(value, JsObject):
        return {name: encoded(item) for name, item in entries_of(value)}
    return {"$object": value.constructor.name} if isinstance(value, JsProxy) else value


def stream_of(chunks: Any, failure: str) -> ReadableStream:
    def start(controller: Any) -> None:
        for chunk in chunks:
            controller.enqueue(chunk)
        if failure:
            controller.error(JsError(failure, name="RangeError"))
        else:
            controller.close()

    return ReadableStream(JsObject({"start": start}))


async def drained(held: Any) -> bytes:
    return b"".join(
        [chunk.to_bytes() if isinstance(chunk, JsProxy) else b"" async for chunk in held]
    )


async def first(held: Any) -> bool | None:
    async for chunk in held:
        return isinstance(chunk, JsProxy)
    return None


async def put(held: Any) -> Any:
    kv = KVNamespace()
    await kv.put("key", held)
    return await kv.get("key")


STEP: dict[str, Callable[..., Any]] = {
    "response": Response,
    "request": Request,
    "json": Response.json,
    "redirect": lambda url, status: (
        Response.redirect(url) if status is None else Response.redirect(url, status)
    ),
    "stream": stream_of,
    "call": lambda held, method, *given: getattr(held, method)(*given),
    "get": lambda held, name: getattr(held, name),
    "headers": lambda held: held.headers,
    "header": lambda held, method, *given: getattr(held.headers, method)(*given),
    "tee": lambda held, branch: held.tee()[branch],
    "through": lambda held: held.pipeThrough(TransformStream()),
    "drain": drained,
    "first": first,
    "put": put,
}


async def our_answers(program: list[Step]) -> list[Any]:
    held: list[Any] = []
    answers: list[Any] = []
    for name, *given in program:
        value: Any = None
        try:
            value = STEP[name](*(decoded(item, held) for item in given))
            if hasattr(value, "__await__"):
                value = await asyncio.wait_for(value, LATE_SECONDS)
            answers.append(encoded(value))
        except LookupError:
            answers.append("skipped")
        except TimeoutError:
            answers.append("late")
        except JsException as error:
            value = None
            answers.append({"$error": [error.name, error.message]})
        held.append(value if isinstance(value, JsProxy) else None)
    return answers


def real_answers(programs: list[list[Step]], modules: Path) -> list[list[Any]]:
    lines = "".join(json.dumps(program) + "\n" for program in programs)
    command = ["node", str(CONFORMANCE / "miniflare" / "bodies.mjs"), str(modules)]
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.split("\n") if line]


@pytest.mark.miniflare
async def test_random_programs_over_bodies_get_the_same_answers_from_the_real_runtime(
    seed: int,
) -> None:
    modules = node_modules("miniflare")
    draw = random.Random(seed)
    programs = [Author(draw).program() for _ in range(PROGRAMS)]
    theirs = real_answers(programs, modules)

    for program, real in zip(programs, theirs, strict=True):
        ours = await our_answers(program)
        for place, answer in enumerate(real):
            if "internal error" in json.dumps(answer):
                break  # a fault of theirs
            assert ours[place] == answer, program[: place + 1]
