"""`Body`: the body of requests and responses, which can be read once."""

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
from pykvbinding.js.fetch.mime import to_blob_type
from pykvbinding.js.streams import readable as stream
from pykvbinding.js.streams.js_readable import ReadableStream
from pykvbinding.js.streams.source import Source
from pykvbinding.js.types.json import parse
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.types.typed_array import ArrayBuffer, Uint8Array, as_bytes
from pykvbinding.js.url.search_params import URLSearchParams

Content: TypeAlias = str | bytes | stream.ReadableStream | None
"""The content of a body: text and bytes are not converted before they are read."""

TEXT_TYPE = "text/plain;charset=UTF-8"
FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8"
CONTENT_TYPE = "content-type"
BYTE_ORDER_MARK = "\ufeff"


class Body(JsProxy):
    """The base class of requests and responses, with the methods that read the body.

    Text stays a `str` and bytes stay `bytes`: the attribute `body` makes a stream of them.
    """

    __slots__ = ("_content", "_stream", "_used")

    _content: str | bytes | None
    _stream: stream.ReadableStream | None
    _used: bool

    if TYPE_CHECKING:

        @property
        def headers(self) -> Headers:
            """The headers, which contain the type of the body."""

    def _set_body(self, content: Content) -> None:
        """Set the body, unused."""
        self._used = False
        if isinstance(content, stream.ReadableStream):
            self._stream, self._content = content, None
        else:
            self._stream, self._content = None, content

    @property
    def body(self) -> Any:
        """The body as a stream; jsnull without a body."""
        if self._stream is None:
            content = self._content
            if content is None:
                return jsnull
            self._stream = new_stream = ReadableStream.from_bytes(encode_text(content))
            if self._used:
                new_stream.take().drop()
        return self._stream

    @property
    def bodyUsed(self) -> bool:
        """True if the body has been read from."""
        return self._used if self._stream is None else self._stream.disturbed

    async def text(self) -> str:
        """Decode the body as UTF-8; invalid bytes become U+FFFD.

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
        """Parse the body as JSON; the result consists of JavaScript objects and Arrays.

        Raises: JsException as `text` does, and named "SyntaxError", with V8's message.
        """
        return parse(await self.text())

    async def arrayBuffer(self) -> ArrayBuffer:
        """Return the bytes of the body as an ArrayBuffer."""
        return ArrayBuffer.from_bytes(bytearray(encode_text(await self._consume())))

    async def bytes(self) -> Uint8Array:
        """Return the bytes of the body as a Uint8Array."""
        array: Uint8Array = Uint8Array.from_bytes(bytearray(encode_text(await self._consume())))
        return array

    async def blob(self) -> Blob:
        """Return the body as a Blob, whose type is made from the header Content-Type."""
        content = encode_text(await self._consume())
        content_type = self.headers.get(CONTENT_TYPE)
        return Blob.of(content, to_blob_type(content_type) if content_type else "")

    async def formData(self) -> FormData:
        """Parse the body as a form, in the format that the header Content-Type names.

        Raises: JsException, "Unrecognized Content-Type header value. …" and others.
        """
        content_type = self.headers.get(CONTENT_TYPE)
        if content_type is jsnull and not self.bodyUsed:
            raise js_errors.form_content_type_missing()
        content = encode_text(await self._consume())
        return multipart.parse(content.removeprefix(codecs.BOM_UTF8), content_type)

    async def _consume(self) -> Any:
        """Return the whole content, as `str` or `bytes`, and mark the body as used."""
        if self._stream is not None:
            return await read_all(self._take_source(self._stream))
        if self._used:
            raise runtime_errors.body_used()
        content = self._content
        if content is None:
            return ""
        self._used = True
        return content

    def _take_source(self, body_stream: stream.ReadableStream) -> Source:
        if body_stream.disturbed:
            raise runtime_errors.body_used()
        if body_stream.locked:
            raise errors.stream_locked()
        return body_stream.take()

    def _transfer(self) -> Content:
        """Return the content for another request or response, and mark the body as used.

        Raises: KVError if the stream of the body is locked or has been read from.
        """
        body_stream = self._stream
        if body_stream is None:
            content, self._used = self._content, self._content is not None
            return content
        source = body_stream.take()
        source.disturbed = True
        return ReadableStream.of_source(RemainingSource(source))

    def _tee_body(self) -> Content:
        """Return the content for a clone. Raises: KVError if the body is used or locked."""
        if self.bodyUsed and self._stream is None:
            raise errors.stream_tee_locked()
        if self._stream is None:
            return self._content
        self._stream, other = self._stream.tee()
        return other


class RemainingSource(Source):
    """The remaining chunks of another source."""

    def __init__(self, source: Source) -> None:
        super().__init__(())
        self._source = source

    async def next(self) -> Any:
        """Return the next chunk of the other source."""
        self.disturbed: bool = True
        return await self._source.next()

    async def read(self) -> Any:
        """Return the next chunk of the other source, as its readers get it."""
        self.disturbed = True
        return await self._source.read()

    def make_read_result(self, *, done: bool, value: Any) -> Any:
        """Return the result that the other source makes."""
        return self._source.make_read_result(done=done, value=value)

    def release(self) -> None:
        """Check that the other source can be released."""
        self._source.release()

    def cancel(self, reason: object = None) -> Any:
        """Cancel the other source."""
        self.disturbed = True
        return self._source.cancel(reason)

    def drop(self) -> None:
        """Drop the remaining chunks of the other source."""
        self.disturbed = True
        self._source.drop()


async def read_all(source: Source) -> bytes:
    """Return all bytes of a stream."""
    chunks = []
    while (chunk := await source.next()) is not None:
        chunks.append(chunk)
    source.disturbed = True
    return b"".join(chunks)


def encode_text(content: str | bytes) -> bytes:
    """Encode text as UTF-8, a lone surrogate as the three bytes that V8 writes for it."""
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content


def make_headers(init: Any, content_type: str | None) -> Headers:
    """Return new Headers from `init`; `content_type` is added unless they have one."""
    headers = Headers(init)
    if content_type is None:
        return headers
    pairs = headers.pairs()
    for name, _ in pairs:
        if name == CONTENT_TYPE:
            return headers
    pairs.append((CONTENT_TYPE, content_type))
    return headers


def extract(body: Any) -> tuple[Content, str | None]:
    """Convert an argument `body` to a content and its default Content-Type.

    Raises: JsException for a stream that has been read from.
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
