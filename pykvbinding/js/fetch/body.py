"""`Body`: what requests and responses carry, read once, in whatever form is asked for."""

import codecs
from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from pykvbinding import errors
from pykvbinding.js.core import errors as js_errors
from pykvbinding.js.core import runtime_errors
from pykvbinding.js.core.coercion import is_encodable, replace_surrogates, to_js_string
from pykvbinding.js.core.proxy import JsProxy, jsnull
from pykvbinding.js.fetch import multipart
from pykvbinding.js.fetch.blob import Blob
from pykvbinding.js.fetch.form_data import FormData
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.fetch.mime import blob_type
from pykvbinding.js.streams import readable as stream
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.streams.source import Source
from pykvbinding.js.types.json import parse
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import ArrayBuffer, Uint8Array, as_bytes
from pykvbinding.js.url.search_params import URLSearchParams

Content: TypeAlias = str | bytes | stream.ReadableStream | None
"""What is in a body: text and bytes as they are, until somebody looks."""

TEXT_TYPE = "text/plain;charset=UTF-8"
FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8"
CONTENT_TYPE = "content-type"
BYTE_ORDER_MARK = "\ufeff"


class Body(JsProxy):
    """The part of a request or a response that holds its body.

    Text stays a `str` and bytes stay bytes: a stream is made of them when `body` is looked at.
    """

    __slots__ = ("_content", "_stream", "_used")

    _content: str | bytes | None
    _stream: stream.ReadableStream | None
    _used: bool

    if TYPE_CHECKING:

        @property
        def headers(self) -> Headers:
            """The headers: they say what a body is."""

    def _carry(self, content: Content) -> None:
        """Have this as the body."""
        self._used = False
        if isinstance(content, stream.ReadableStream):
            self._stream, self._content = content, None
        else:
            self._stream, self._content = None, content

    @property
    def body(self) -> Any:
        """The body as a stream; jsnull where there is none."""
        if self._stream is None:
            content = self._content
            if content is None:
                return jsnull
            self._stream = made = ReadableStream.of_bytes(encoded(content))
            if self._used:
                made.take().drop()
        return self._stream

    @property
    def bodyUsed(self) -> bool:
        """Whether somebody has read from the body."""
        return self._used if self._stream is None else self._stream.disturbed

    async def text(self) -> str:
        """The body as text; what is no UTF-8 is U+FFFD.

        Raises: JsException, "Body has already been used. It can only be used once. …"
        """
        content = self._content
        if type(content) is str and self._stream is None and not self._used and content.isascii():
            self._used = True
            return content
        content = await self._consume()
        if isinstance(content, bytes):
            return content.decode("utf-8", "replace").removeprefix(BYTE_ORDER_MARK)
        text = content if is_encodable(content) else replace_surrogates(content)
        return text.removeprefix(BYTE_ORDER_MARK)

    async def json(self) -> Any:
        """What the body says as JSON: objects and arrays are those of JavaScript.

        Raises: JsException as `text`, and SyntaxErrors in V8's words.
        """
        return parse(await self.text())

    async def arrayBuffer(self) -> ArrayBuffer:
        """The body's bytes as an ArrayBuffer."""
        return ArrayBuffer.of(bytearray(encoded(await self._consume())))

    async def bytes(self) -> Uint8Array:
        """The body's bytes as a Uint8Array."""
        made: Uint8Array = Uint8Array.of_bytes(bytearray(encoded(await self._consume())))
        return made

    async def blob(self) -> Blob:
        """The body as a Blob of the type that the headers say."""
        content = encoded(await self._consume())
        content_type = self.headers.get(CONTENT_TYPE)
        return Blob.of(content, blob_type(content_type) if content_type else "")

    async def formData(self) -> FormData:
        """The fields of the form that the body is.

        Raises: JsException, "Unrecognized Content-Type header value. …" and others.
        """
        content_type = self.headers.get(CONTENT_TYPE)
        if content_type is jsnull and not self.bodyUsed:
            raise js_errors.form_without_type()
        content = encoded(await self._consume())
        return multipart.parse(content.removeprefix(codecs.BOM_UTF8), content_type)

    async def _consume(self) -> Any:
        """All that is in the body, as `str` or as `bytes`; from now on it is used."""
        if self._stream is not None:
            return await read_all(self._begin(self._stream))
        if self._used:
            raise runtime_errors.body_used()
        content = self._content
        if content is None:
            return ""
        self._used = True
        return content

    def _begin(self, held: stream.ReadableStream) -> Source:
        if held.disturbed:
            raise runtime_errors.body_used()
        if held.locked:
            raise errors.stream_locked()
        return held.take()

    def _hand_over(self) -> Content:
        """The body, for a request that takes it: it counts as used here.

        Raises: JsException if somebody has begun to read it.
        """
        held = self._stream
        if held is None:
            content, self._used = self._content, self._content is not None
            return content
        source = held.take()
        source.disturbed = True
        return ReadableStream.over(Continued(source))

    def _split(self) -> Content:
        """The body once more, for a clone. Raises: JsException if it is used or locked."""
        if self.bodyUsed and self._stream is None:
            raise errors.stream_tee_locked()
        if self._stream is None:
            return self._content
        self._stream, other = self._stream.tee()
        return other


class Continued(Source):
    """What another source has not yet yielded."""

    def __init__(self, source: Source) -> None:
        super().__init__(())
        self._source = source

    async def next(self) -> Any:
        """The next chunk of the other."""
        self.disturbed = True
        return await self._source.next()

    async def read(self) -> Any:
        """The next chunk of the other, as its readers see it."""
        self.disturbed = True
        return await self._source.read()

    def answer(self, *, done: bool, value: Any) -> Any:
        """As the other answers."""
        return self._source.answer(done=done, value=value)

    def release(self) -> None:
        """As the other does."""
        self._source.release()

    def cancel(self, reason: object = None) -> Any:
        """Cancel the other."""
        self.disturbed = True
        return self._source.cancel(reason)

    def drop(self) -> None:
        """Drop the rest of the other."""
        self.disturbed = True
        self._source.drop()


async def read_all(source: Source) -> bytes:
    """All bytes of a stream."""
    chunks = []
    while (chunk := await source.next()) is not None:
        chunks.append(chunk)
    source.disturbed = True
    return b"".join(chunks)


def encoded(content: str | bytes) -> bytes:
    """Text as UTF-8, in which lone surrogates have the three bytes that V8 writes."""
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content


def headers_of(init: Any, content_type: str | None) -> Headers:
    """New headers as `init` says, with the type of the body where they say none."""
    made = Headers(init)
    if content_type is None:
        return made
    pairs = made.pairs()
    for name, _ in pairs:
        if name == CONTENT_TYPE:
            return made
    pairs.append((CONTENT_TYPE, content_type))
    return made


def extract(body: Any) -> tuple[Content, str | None]:
    """What to carry for the `body` that somebody gave, and the type that it has by itself.

    Raises: JsException for a stream that was read from.
    """
    if type(body) is str:
        return body, TEXT_TYPE
    if body is None or body is jsnull:
        return None, None
    if isinstance(body, stream.ReadableStream):
        if body.disturbed:
            raise runtime_errors.body_disturbed()
        return body, None
    content = as_bytes(body)
    if content is not None:
        return content, None
    if isinstance(body, Blob):
        return body.data, body.type or None
    if isinstance(body, FormData):
        return multipart.serialize(body)
    if isinstance(body, URLSearchParams):
        return body.toString(), FORM_TYPE
    if not isinstance(body, str | JsObject) and isinstance(body, Iterable | AsyncIterable):
        return ReadableStream.from_(body), None
    return to_js_string(body), TEXT_TYPE
