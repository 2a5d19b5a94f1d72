"""The file of `--persist`: the records of every namespace, and data of Durable Objects."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from pykvbinding.storage.envelope import unwrap, wrap

MAGIC: Final = b"pykvbinding data\x00"
VERSION: Final = 1


@dataclass(slots=True)
class PersistedData:
    """Snapshots of all namespaces by id, and one of the Durable Objects."""

    namespaces: dict[str, bytes] = field(default_factory=dict)
    objects: bytes | None = None


class DataFile:
    """A file that is read when the server starts, and written after changes.

    Raises: OSError if the path cannot be such a file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            raise OSError(f"--persist {path}: this is a directory; pass a file in it")
        if not path.absolute().parent.is_dir():
            raise OSError(f"--persist {path}: the directory {path.parent} does not exist")

    def read(self) -> PersistedData:
        """Return the content of the file, empty if it does not exist.

        Raises: ValueError if the file is damaged, has another format, or a newer version.
        """
        import msgpack  # imported here because most servers have no file

        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return PersistedData()
        if not content.startswith(MAGIC):
            raise ValueError(
                f"{self.path} was not written by --persist. It is left unchanged; "
                "pass another file."
            )
        version, body = unwrap(MAGIC, content)
        if version > VERSION:
            raise ValueError(
                f"{self.path} was written by a newer pykvbinding (version {version} of the format; "
                f"this one reads up to {VERSION})"
            )
        if body is None:
            raise ValueError(
                f"{self.path} is damaged: its checksum is wrong, or its end is missing. It is left "
                "unchanged; pass another file, or --clear to start without data"
            )
        namespaces, objects = msgpack.unpackb(body)
        return PersistedData(namespaces, objects)

    def write(self, data: PersistedData) -> None:
        """Replace the file atomically.

        Raises: OSError if writing fails. The file is then unchanged.
        """
        import msgpack

        body = cast("bytes", msgpack.packb([data.namespaces, data.objects]))
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with temporary.open("wb") as file:
                file.write(wrap(MAGIC, VERSION, body))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)
