"""The file of `--persist`: written whole or not at all, and read only if it is one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVNamespace
from pykvbinding.server.dev.data_file import MAGIC, Data, DataFile

DATA = Data({"notes": b"one", "cache": b""}, b"objects")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    DataFile(tmp_path / "data").write(DATA)

    assert DataFile(tmp_path / "data").read() == DATA


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert DataFile(tmp_path / "data").read() == Data({}, None)


def test_writing_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    file = DataFile(tmp_path / "data")

    file.write(DATA)
    file.write(Data())

    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert file.read() == Data()


def test_a_write_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = DataFile(tmp_path / "data")
    file.write(DATA)

    def fail(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        file.write(Data())

    assert file.read() == DATA
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@given(cut=st.integers(min_value=len(MAGIC), max_value=60), flip=st.integers(0, 60))
def test_a_damaged_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int
) -> None:
    path = tmp_path_factory.mktemp("data") / "data"
    DataFile(path).write(DATA)
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[max(flip % len(whole), len(MAGIC) + 2)] ^= 1

    for content in (whole[: min(cut, len(whole) - 1)], bytes(changed)):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is damaged") as caught:
            DataFile(path).read()
        assert str(caught.value) == (
            f"{path} is damaged: its checksum is wrong, or its end is missing. It is left as it "
            "is; name another file, or start afresh: --clear"
        )


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(KVNamespace().namespace.dump())

    with pytest.raises(ValueError, match="was not written by --persist") as caught:
        DataFile(path).read()

    assert str(caught.value) == (
        f"{path} was not written by --persist. It is left as it is; name another file."
    )


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(MAGIC + (2).to_bytes(2, "big") + b"whatever it holds")

    with pytest.raises(ValueError, match="newer pykvbinding") as caught:
        DataFile(path).read()

    assert str(caught.value) == (
        f"{path} was written by a newer pykvbinding (version 2 of the format; this one reads up "
        "to 1)"
    )


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="this is a directory") as caught:
        DataFile(tmp_path)

    assert str(caught.value) == f"--persist {tmp_path}: this is a directory; name a file in it"


def test_a_file_needs_a_directory(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "data"

    with pytest.raises(OSError, match="there is no directory") as caught:
        DataFile(path)

    assert str(caught.value) == (
        f"--persist {path}: there is no directory {path.parent} to put it into"
    )
