"""How many bytes a value or a record takes, in UTF-8."""

from pykvbinding.storage.record import Record, Value


def byte_length(value: Value) -> int:
    """The bytes of a value, a key or a text of metadata."""
    if isinstance(value, str) and not value.isascii():
        return len(value.encode())
    return len(value)


def size_of(key: str, record: Record | None) -> int:
    """The bytes that a record takes with its key and metadata; none if it is not there."""
    if record is None:
        return 0
    size = byte_length(key) + byte_length(record.value)
    return size if record.metadata is None else size + byte_length(record.metadata)
