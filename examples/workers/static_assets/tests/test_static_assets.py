"""Files and greetings from KV: bytes, types, languages, and a new release."""
# ruff: noqa: D103 -- the names of tests are sentences

from collections.abc import Callable
from pathlib import Path

import pytest

from pykvbinding import EdgeNetwork
from pykvbinding.workers import Worker

PIXEL = bytes.fromhex("89504e470d0a1a0a0000ff")
"""The first bytes of an image, which are not valid text in any encoding."""

TRANSLATIONS = (Path(__file__).parent.parent / "hello-world.json").read_text(encoding="utf-8")


@pytest.fixture
def worker(kv_worker: Worker) -> Worker:
    """Return the Worker, with some files."""
    files = {
        "index.html": "<p>Hello World!",
        "img/pixel.png": PIXEL,
        "empty.css": "",
        "café au lait.txt": "☕",
        "README": "plain",
        "hello-world.json": TRANSLATIONS,
    }
    kv_worker.env.assets.namespace.seed(files)
    return kv_worker


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("/index.html", b"<p>Hello World!", "text/html; charset=utf-8"),
        ("//index.html", b"<p>Hello World!", "text/html; charset=utf-8"),
        ("/index.html?v=2", b"<p>Hello World!", "text/html; charset=utf-8"),
        ("/img/pixel.png", PIXEL, "image/png"),
        ("/empty.css", b"", "text/css; charset=utf-8"),
        ("/caf%C3%A9%20au%20lait.txt", "☕".encode(), "text/plain; charset=utf-8"),
        ("/README", b"plain", "text/plain; charset=utf-8"),
        ("/hello-world.json", TRANSLATIONS.encode(), "application/json"),
    ],
)
async def test_serves_a_file_as_stored(
    worker: Worker, path: str, content: bytes, kind: str
) -> None:
    response = await worker.fetch(path)

    assert response.status == 200
    assert await response.bytes() == content
    assert response.headers["content-type"] == kind


async def test_missing_file_is_not_found(worker: Worker) -> None:
    assert (await worker.fetch("/nothing.html")).status == 404
    assert (await worker.fetch("/")).status == 400
    assert (await worker.fetch("/index.html", method="DELETE")).status == 405


@pytest.mark.parametrize(
    ("accepted", "greeting"),
    [
        ("de", "Hallo Welt!"),
        ("es-MX", "¡Hola Mundo!"),
        ("ja-JP, ja;q=0.9, en;q=0.8", "こんにちは、世界！"),
        ("en;q=0.2, fr;q=0.7", "Bonjour le monde !"),
        ("tlh, fr;q=0", "Hello World!"),
        ("de;q=much, zh", "你好，世界！"),
        ("*", "Hello World!"),
    ],
)
async def test_greets_in_an_accepted_language(worker: Worker, accepted: str, greeting: str) -> None:
    response = await worker.fetch("/hello-world", headers={"accept-language": accepted})

    assert f"<h1>{greeting}</h1>" in await response.text()


async def test_greets_in_english_by_default(worker: Worker) -> None:
    assert "Hello World!" in await (await worker.fetch("/hello-world")).text()


async def test_missing_translations_are_not_found(kv_worker: Worker) -> None:
    assert (await kv_worker.fetch("/hello-world")).status == 404


async def test_page_may_be_newer_than_its_script(
    worker: Worker, kv_network: Callable[..., EdgeNetwork]
) -> None:
    net = kv_network("LHR", "NRT", bindings=worker.env)
    networked = worker.in_network(net)
    await net.kv("LHR", "assets").put("app.js", "one")
    await networked.fetch("/app.js", at="NRT")
    net.clock.advance(1)

    await net.kv("LHR", "assets").put("app.js", "two")
    await net.kv("LHR", "assets").put("app.2.js", "two")

    assert await (await networked.fetch("/app.js", at="NRT")).text() == "one"
    assert await (await networked.fetch("/app.2.js", at="NRT")).text() == "two"
