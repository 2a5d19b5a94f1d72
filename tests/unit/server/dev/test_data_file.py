"""The file of `--persist`: written atomically, and validated when read."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding import KVNamespace
from pykvbinding.server.dev.data_file import MAGIC, DataFile, PersistedData

DATA = PersistedData({"notes": b"one", "cache": b""}, b"objects")


def test_reads_what_was_written(tmp_path: Path) -> None:
    DataFile(tmp_path / "data").write(DATA)

    assert DataFile(tmp_path / "data").read() == DATA


def test_missing_file_is_empty(tmp_path: Path) -> None:
    assert DataFile(tmp_path / "data").read() == PersistedData({}, None)


def test_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    file = DataFile(tmp_path / "data")

    file.write(DATA)
    file.write(PersistedData())

    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert file.read() == PersistedData()


def test_failing_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = DataFile(tmp_path / "data")
    file.write(DATA)

    def fail(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        file.write(PersistedData())

    assert file.read() == DATA
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@given(cut=st.integers(min_value=len(MAGIC), max_value=60), flip=st.integers(0, 60))
def test_rejects_a_damaged_file(
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
            f"{path} is damaged: its checksum is wrong, or its end is missing. It is left "
            "unchanged; pass another file, or --clear to start without data"
        )


def test_rejects_another_format_and_keeps_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(KVNamespace().namespace.dump())

    with pytest.raises(ValueError, match="was not written by --persist") as caught:
        DataFile(path).read()

    assert str(caught.value) == (
        f"{path} was not written by --persist. It is left unchanged; pass another file."
    )


def test_rejects_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(MAGIC + (2).to_bytes(2, "big") + b"whatever it holds")

    with pytest.raises(ValueError, match="newer pykvbinding") as caught:
        DataFile(path).read()

    assert str(caught.value) == (
        f"{path} was written by a newer pykvbinding (version 2 of the format; this one reads up "
        "to 1)"
    )


def test_rejects_a_directory(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="this is a directory") as caught:
        DataFile(tmp_path)

    assert str(caught.value) == f"--persist {tmp_path}: this is a directory; pass a file in it"


def test_rejects_a_missing_directory(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "data"

    with pytest.raises(OSError, match="does not exist") as caught:
        DataFile(path)

    assert str(caught.value) == (f"--persist {path}: the directory {path.parent} does not exist")
