"""Tests of `to_blob_type`: the type of a Blob that is made from a body."""

import pytest

from pykvbinding.js.fetch.mime import to_blob_type


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html; charset=utf-8", "text/html;charset=utf-8"),
        ("text/html; a=b; c=d", "text/html;a=b;c=d"),
        ("TEXT/html; Charset=UTF-8", "text/html;charset=UTF-8"),
        ('text/html; a="b c"', 'text/html;a="b c"'),
        ('text/html; a="b\\"c"', 'text/html;a="b\\"c"'),
        ('text/html; charset="utf-8"', "text/html;charset=utf-8"),
        ('text/html; a=""', 'text/html;a=""'),
        ("text/html;", "text/html"),
        ("text/html; a", "text/html"),
        ("text/html; a=", "text/html"),
        ("text/html; a=b; a=c", "text/html;a=b"),
        ("text/html; a=b ; c=d", "text/html;a=b;c=d"),
        ("X/Y", "x/y"),
        ("garbage", ""),
        ("", ""),
        ("a/b c", ""),
        ("multipart/form-data", "multipart/form-data"),
        ("MULTIPART/form-data; BOUNDARY=x; a=b", "multipart/form-data; boundary=x"),
        ("text/a, text/b; q=1", "text/b;q=1"),
        ("text/a; q=1, text/b", "text/b"),
        ('text/a; q="1, 2"', 'text/a;q="1, 2"'),
        ("a/b, garbage", "a/b"),
        ("garbage, a/b", "a/b"),
        ("text/html; charset=a, text/html", "text/html;charset=a"),
        ("text/html; charset=a, text/html;charset=b", "text/html;charset=b"),
    ],
)
def test_the_type_is_normalized_as_in_workerd(content_type: str, expected: str) -> None:
    assert to_blob_type(content_type) == expected
