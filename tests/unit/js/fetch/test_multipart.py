"""Tests of forms as bodies: serialization, parsing, and the errors of invalid bodies."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pykvbinding.errors import JsException
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.form_data import Entry, FormData
from pykvbinding.js.fetch.multipart import parse, serialize

MULTIPART = "multipart/form-data; boundary=x"
URLENCODED = "application/x-www-form-urlencoded"
NAME = 'Content-Disposition: form-data; name="a"'


def describe(entry: Entry) -> tuple[Any, ...]:
    name, value = entry
    if isinstance(value, str):
        return name, value
    return name, value.name, value.type, value.data


def parse_text(
    body: str, content_type: str = "multipart/form-data; boundary=x"
) -> list[tuple[Any, ...]]:
    return [describe(entry) for entry in parse(body.encode(), content_type).pairs()]


def test_a_form_is_serialized_as_in_workerd() -> None:
    form = FormData()
    form.append('a"\\\n', "1\n")
    form.append("b", Blob.of(b"\xff"), 'f"')
    form.append("c", Blob.of(b"", "text/css"), "é")

    body, content_type = serialize(form)

    essence, _, boundary = content_type.partition("; boundary=")
    assert essence == "multipart/form-data"
    assert body.replace(boundary.encode(), b"B") == (
        b'--B\r\nContent-Disposition: form-data; name="a%22\\\\%0A"\r\n\r\n1\n\r\n'
        b'--B\r\nContent-Disposition: form-data; name="b"; filename="f%22"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\xff\r\n"
        b'--B\r\nContent-Disposition: form-data; name="c"; filename="\xc3\xa9"\r\n'
        b"Content-Type: text/css\r\n\r\n\r\n--B--"
    )


def test_the_boundary_depends_on_the_entries() -> None:
    assert serialize(FormData.of([("a", "1")])) == serialize(FormData.of([("a", "1")]))
    assert serialize(FormData.of([("a", "1")]))[1] != serialize(FormData.of([("a", "2")]))[1]


def test_an_empty_form_is_serialized_as_its_boundary() -> None:
    body, content_type = serialize(FormData())

    assert body == f"--{content_type.partition('boundary=')[2]}--".encode()
    assert parse(body, content_type).pairs() == []


NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters='\0\r\n"\\'), min_size=1
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(NAMES, TEXT | st.tuples(NAMES, st.binary()))))
def test_a_serialized_form_parses_to_the_same(entries: list[tuple[str, Any]]) -> None:
    pairs: list[Entry] = [
        (
            name,
            value if isinstance(value, str) else File.of_blob(Blob.of(value[1], "t/t"), value[0]),
        )
        for name, value in entries
    ]

    form = parse(*serialize(FormData.of(pairs)))

    assert [describe(entry) for entry in form.pairs()] == [describe(entry) for entry in pairs]


@pytest.mark.parametrize(
    "body",
    [
        f"--x\r\n{NAME}\r\n\r\n1\r\n--x--",
        f"--x\n{NAME}\n\n1\n--x--\n",
        f"preamble--x\r\n{NAME}\r\n\r\n1\r\n--x--epilogue",
        f"--x\r\n{NAME}; x=y\r\nContent-Type: a/b\r\n\r\n1\r\n--x--",
        f'--x\r\n{NAME}; filename=""\r\n\r\n1\r\n--x--',
        '--x\r\ncontent-disposition:form-data ;\tname = "\\a";\r\nX : y\r\n z\r\n\r\n1\r\n--x--',
    ],
)
def test_a_part_may_have_any_line_ends(body: str) -> None:
    assert parse_text(body) == [("a", "1")]


def test_a_file_has_the_type_of_its_part() -> None:
    head = f'--x\r\n{NAME}; filename="C:\\d\\f%22"'

    assert parse_text(f"{head}\r\nContent-Type: T/t; x\r\n\r\n\r\n--x--") == [
        ("a", "C:df%22", "T/t; x", b"")
    ]
    assert parse_text(f"{head}\r\n\r\n1\r\n--x--") == [("a", "C:df%22", "", b"1")]


@pytest.mark.parametrize(
    "content_type",
    [
        'Multipart/Form-Data ; a=b; BOUNDARY="x"',
        'multipart/form-data;;boundary="\\x"y;boundary=z',
        'multipart/form-data; q; a=; boundary="x',
        "multipart/form-data;boundary=x ",
    ],
)
def test_a_boundary_may_follow_other_parameters(content_type: str) -> None:
    assert parse_text(f"--x\r\n{NAME}\r\n\r\n1\r\n--x--", content_type) == [("a", "1")]


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary =x"],
)
def test_rejects_a_content_type_without_a_boundary(content_type: str) -> None:
    with pytest.raises(JsException, match="No boundary string in Content-Type header"):
        parse_text("--x--", content_type)


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart", "multipart/form-data, x"])
def test_rejects_other_content_types(content_type: str) -> None:
    with pytest.raises(JsException, match="Unrecognized Content-Type header value"):
        parse_text("--x--", content_type)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "No initial boundary string"),
        ("--x", "No initial boundary string"),
        ("--x-", "was not succeeded by CRLF"),
        ("--x\r\n", "header termination"),
        (f"--x\r\n{NAME}\r\n\r\n1--x--", "No subsequent boundary"),
        (f"--x\r\n{NAME}\r\n\r\n1\r\n--x", "No subsequent boundary"),
        (f"--x\r\n{NAME}\r\n\r\n--x--", "No subsequent boundary"),
        (f"--x\r\n{NAME}\r\nX\r\n\r\n1", "invalid headers"),
        (f"--x\r\n{NAME}\r\nX: \0\r\n\r\n1", "invalid headers"),
        (f"--x\r\n{NAME}\r\n\r\n1\r\n--xy", "was not succeeded by CRLF"),
        ("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1", "missing a name"),
        ("--x\r\nContent-Disposition:\r\n\r\n1", "No valid Content-Disposition"),
        ("--x\r\nContent-Disposition: é\r\n\r\n1", "Invalid Content-Disposition"),
        ('--x\r\nContent-Disposition: x; name="a"\r\n\r\n1', 'Got: "x"'),
    ],
)
def test_rejects_an_invalid_body_with_its_first_error(body: str, message: str) -> None:
    with pytest.raises(JsException, match=message):
        parse_text(body)


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        ("a=b&c=%20+d&a=%C3%A9", [("a", "b"), ("c", "  d"), ("a", "é")]),
        ("&a&=b&&?c=d=e", [("a", ""), ("", "b"), ("?c", "d=e")]),
        ("%zz=%4&%ff=%", [("zz", "\x04"), ("\ufffd", "")]),
        ("", []),
    ],
)
def test_parses_an_urlencoded_form(body: str, pairs: list[tuple[str, str]]) -> None:
    for content_type in (
        URLENCODED,
        f"{URLENCODED}; charset=UTF-8",
        f'{URLENCODED};charset="utf8"',
    ):
        assert parse_text(body, content_type) == pairs
