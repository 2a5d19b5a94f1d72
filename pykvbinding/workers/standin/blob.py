"""`Blob` and `File` as a Python Worker has them."""

from enum import StrEnum
from typing import Any, Final

from pykvbinding.js.fetch.blob import Blob as JsBlob
from pykvbinding.js.fetch.blob import File as JsFile
from pykvbinding.js.types.object import JsArray, JsObject
from pykvbinding.js.types.typed_array import Uint8Array
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.convert import class_name, is_iterable

BlobValue: Final = (
    "str | bytes | js.ArrayBuffer | js.TypedArray | js.DataView | js.Blob | Blob | File"
)
"""What a blob may be made of."""


class BlobEnding(StrEnum):
    """What becomes of line ends in text: kept, or changed to the platform's."""

    TRANSPARENT = "transparent"
    NATIVE = "native"


class Blob:
    """Bytes with a content type, made of one part or of many.

    `js_object` is the JavaScript one. A blob made of one other blob takes its content type.

    Raises: TypeError, "Don't know how to handle <class 'int'> for Blob()"
    """

    _js_blob: JsBlob

    def __init__(
        self,
        blob_parts: Any,
        content_type: str | None = None,
        endings: BlobEnding | str | None = None,
    ) -> None:
        parts, inherited, _ = _taken_apart(blob_parts)
        options = _options(content_type or inherited, endings)
        self._js_blob = JsBlob(JsArray(parts), options)

    @property
    def size(self) -> int:
        """In bytes."""
        return self._js_blob.size

    @property
    def content_type(self) -> str:
        """The content type, "" where there is none."""
        return self._js_blob.type

    @property
    def js_object(self) -> JsBlob:
        """The JavaScript blob."""
        return self._js_blob

    async def text(self) -> str:
        """The bytes, decoded as UTF-8."""
        return await self._js_blob.text()

    async def bytes(self) -> bytes:
        """The bytes."""
        content: bytes = (await self._js_blob.arrayBuffer()).to_bytes()
        return content

    def slice(
        self, start: int | None = None, end: int | None = None, content_type: str | None = None
    ) -> "Blob":
        """A part of it, without a content type: the SDK loses it, even one that is given here."""
        return Blob([self._js_blob.slice(start, end, content_type)])


class File(Blob):
    """A blob with a name and a time in milliseconds, that of the one file that it is made of."""

    def __init__(
        self,
        blob_parts: Any,
        filename: str,
        content_type: str | None = None,
        endings: BlobEnding | str | None = None,
        last_modified: float | None = None,
    ) -> None:
        parts, inherited, modified = _taken_apart(blob_parts)
        options = _options(content_type or inherited, endings, last_modified or modified)
        self._js_blob = self._js_file = JsFile(JsArray(parts), filename, options)

    @property
    def name(self) -> str:
        """The file name."""
        return self._js_file.name

    @property
    def last_modified(self) -> float:
        """Milliseconds since the epoch."""
        return self._js_file.lastModified


def _taken_apart(given: Any) -> tuple[list[Any], str | None, float | None]:
    """The JavaScript parts, and the content type and time of a blob that is the only one."""
    if is_iterable(given):
        return [_to_js_part(part) for part in given], None, None
    blob = _to_js_part(given)
    if not isinstance(blob, JsBlob):
        return [blob], None, None
    return [blob], blob.type, blob.lastModified if isinstance(blob, JsFile) else None


def _to_js_part(part: Any) -> Any:
    if isinstance(part, str):
        return part
    if isinstance(part, Blob):
        return part.js_object
    if class_name(part) in ("Blob", "File"):
        return part
    try:
        with memoryview(part) as view:
            return Uint8Array.of_bytes(view.tobytes())
    except TypeError:
        raise refusals.unknown_blob_part(part) from None


def _options(
    content_type: str | None, endings: str | None, last_modified: float | None = None
) -> JsObject:
    """The bag of options, without those that are undefined."""
    options = {
        "type": content_type,
        "endings": str(endings) if endings else None,
        "lastModified": last_modified,
    }
    return JsObject({name: value for name, value in options.items() if value is not None})
