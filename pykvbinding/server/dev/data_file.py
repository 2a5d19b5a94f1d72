"""The file of `--persist`: the records of every namespace, and what Durable Objects have stored."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from pykvbinding.storage.envelope import unwrap, wrap

MAGIC: Final = b"pykvbinding data\x00"
VERSION: Final = 1


@dataclass(slots=True)
class Data:
    """What is kept: a snapshot for each namespace, by its id, and one of the Durable Objects."""

    namespaces: dict[str, bytes] = field(default_factory=dict)
    objects: bytes | None = None


class DataFile:
    """One file, read when the server starts and written when something has changed.

    Raises: OSError if there can be no such file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            raise OSError(f"--persist {path}: this is a directory; name a file in it")
        if not path.absolute().parent.is_dir():
            raise OSError(f"--persist {path}: there is no directory {path.parent} to put it into")

    def read(self) -> Data:
        """What the file holds; nothing if it is not there.

        Raises: ValueError for a file that is damaged, of something else, or of a newer version.
        """
        import msgpack  # not at the top: most servers keep nothing

        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Data()
        if not content.startswith(MAGIC):
            raise ValueError(
                f"{self.path} was not written by --persist. It is left as it is; name another file."
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
                "as it is; name another file, or start afresh: --clear"
            )
        namespaces, objects = msgpack.unpackb(body)
        return Data(namespaces, objects)

    def write(self, data: Data) -> None:
        """Replace the file by `data`, at once: whoever reads sees the old one or the new one.

        Raises: OSError if that cannot be done. Then the file is as it was.
        """
        import msgpack

        body = cast("bytes", msgpack.packb([data.namespaces, data.objects]))
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with beside.open("wb") as file:
                file.write(wrap(MAGIC, VERSION, body))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)
