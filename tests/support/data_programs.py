"""Random programs with Headers, URLSearchParams, Blob, File, FormData and form bodies."""

import base64
import random
from typing import Any

from tests.support.url_strategies import Step

UNDEFINED = {"$undefined": 1}
NAMES: list[Any] = ["a", "A", "b", "Set-Cookie", "set-cookie", "X-Y", "a b", "", "a:", "日", "a\n"]
NAMES += [5, None, True, UNDEFINED, "k\u212a", "~!#$%&'*+.^_`|-", 'q"', "x\\y", "%22"]
TEXTS: list[Any] = [
    "1",
    " 2 ",
    "",
    "é",
    "日",
    "😀",
    "\ud800",
    "x\ny",
    "x\n",
    "\0",
    "\x01\x7f",
    "a,b",
]
TEXTS += [5, 1.5, 1e21, -0.0, None, True, UNDEFINED, {}, [1, [2, None]], "a=b&c", "+ %20%zz", "\r"]
QUERIES = ["", "?", "?a=1&b=2&a=3", "a", "a=b=c&&&d", "=", "=x&%61=%C3%A9", "a=1;b=2", "??a"]
QUERIES += ["\ufffd=1&😀=2&é=3&z=4&\uffff=5", "%EF%BB%BFa=x", "a=%", "%zz=%4", "#a=b", "\ud800=\n"]
INTEGERS: list[Any] = [0, 1, 2, -1, -2, 100, 1.7, "2", "x", None, UNDEFINED, 3e9, -1e10, True]
TYPES: list[Any] = ["", "text/plain", "Text/PLAIN; x=Y", "é", "a\nb", "a\x7f", None, 5, UNDEFINED]


def pairs(draw: random.Random, names: list[Any]) -> Any:
    """Return an argument for a constructor that takes pairs; it can be invalid."""
    items = [[draw.choice(names), draw.choice(TEXTS)] for _ in range(draw.choice([0, 1, 2, 4, 8]))]
    kind = draw.randrange(9)
    if kind == 0:
        return {str(name): value for name, value in items}
    if kind == 1:
        return {"$map": [[str(name), value] for name, value in items]}
    if kind == 2:
        return draw.choice([5, "ab", None, True, UNDEFINED, [5], ["ab"], [["a"]], [[], ["b", "c"]]])
    if kind == 3:
        return [*items, ["a", "b", "c"]]
    return items


def calls(draw: random.Random, names: list[Any], methods: list[str]) -> list[Step]:
    steps: list[Step] = []
    for _ in range(draw.randrange(8)):
        method = draw.choice(methods)
        arguments = [draw.choice(names), draw.choice(TEXTS)]
        wanted = 2 if method in ("set", "append") else 1
        count = wanted if draw.random() < 0.95 else draw.randrange(wanted)
        steps.append(["call", method, arguments[:count]])
    return steps


def headers_program(draw: random.Random) -> list[Step]:
    """Create headers, change them and read them."""
    methods = ["get", "has", "set", "append", "delete", "getAll"]
    read: list[Step] = [
        ["call", method, []] for method in ("entries", "keys", "values", "getSetCookie")
    ]
    changed = calls(draw, NAMES, methods)
    return [["new", "Headers", []], ["new", "Headers", [pairs(draw, NAMES)]], *changed, *read]


def search_program(draw: random.Random) -> list[Step]:
    """Create search parameters, change them and read them."""
    argument = draw.choice(QUERIES) if draw.random() < 0.5 else pairs(draw, NAMES)
    changed = calls(draw, NAMES, ["get", "getAll", "has", "set", "append", "delete"])
    for step in changed:
        if step[1] in ("has", "delete") and step[2] and draw.random() < 0.5:
            step[2].append(draw.choice(TEXTS))
    sorted_ = [["call", "sort", []]] if draw.random() < 0.3 else []
    read: list[Step] = [["call", method, []] for method in ("entries", "toString")]
    start = [["new", "URLSearchParams", []], ["new", "URLSearchParams", [argument]]]
    return [*start, *changed, *sorted_, *read, ["read", ["size"]]]


def part(draw: random.Random) -> Any:
    raw = base64.b64encode(draw.randbytes(draw.randrange(5))).decode()
    blob = {"$blob": [[draw.choice(TEXTS)], {"type": draw.choice(TYPES)}]}
    return draw.choice([draw.choice(TEXTS), {"$bytes": raw}, blob])


def blob_program(draw: random.Random) -> list[Step]:
    """Create a Blob or a File, slice it, and read the slices."""
    parts: Any = [part(draw) for _ in range(draw.randrange(4))]
    if draw.random() < 0.1:
        parts = draw.choice([5, "ab", None, UNDEFINED, {}])
    options: Any = {"type": draw.choice(TYPES)}
    if draw.random() < 0.1:
        options["endings"] = draw.choice(["native", None, UNDEFINED])
    if draw.random() < 0.2:
        options = draw.choice([5, "ab", None, UNDEFINED, True])
    slices = [
        ["call", "slice", [*draw.choices(INTEGERS, k=draw.randrange(3))]]
        for _ in range(draw.randrange(4))
    ]
    typed = ["call", "slice", [0, 2, draw.choice(TYPES)]]
    read = ["call", "slice", []]
    if draw.random() < 0.5:
        return [["new", "Blob", [parts, options]], typed, *slices, read, ["read", ["size", "type"]]]
    if isinstance(options, dict) and "type" in options:
        options["lastModified"] = draw.choice([0, 5.5, "7", -3, "x", None, True])
    new_file = ["new", "File", [parts, draw.choice(TEXTS), options]]
    names = ["size", "type", "name", *(["lastModified"] if "lastModified" in str(options) else [])]
    return [["new", "File", [["z"], "z", {"lastModified": 1}]], new_file, *slices, ["read", names]]


def form_program(draw: random.Random) -> list[Step]:
    """Fill a form, change it, read it, and serialize it to a body."""
    steps: list[Step] = [["new", "FormData", []]]
    for _ in range(draw.randrange(6)):
        name, filename = draw.choice(NAMES), draw.choice(["f", 'a"b\n\\c', "é", UNDEFINED, None, 5])
        value = part(draw)
        if draw.random() < 0.2:
            value = {"$file": [[part(draw)], "given.txt", {"type": draw.choice(TYPES)}]}
        arguments = [name, value, *([filename] if draw.random() < 0.3 else [])]
        steps.append(["call", draw.choice(["append", "append", "set"]), arguments])
    steps += calls(draw, NAMES, ["get", "getAll", "has", "delete"])
    return [*steps, *(["call", method, []] for method in ("entries", "keys", "values")), ["body"]]


LINE_ENDS = ["\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", ""]
DISPOSITIONS = [
    *('form-data; name="a"', 'form-data; name="b"; filename="f"', 'form-data;name="é"'),
    *('form-data; name = "a" ; filename="C:\\d\\f"', 'form-data; name="a\\"b%22"', "form-data"),
    *('form-data; filename=""; name="a"', 'form-data; name=""', "form-data; name=a", ""),
    *(
        'attachment; name="a"',
        'form-data, name="a"',
        'form-data; name="a"; name="b"',
        'FORM; x="y"',
    ),
    *('form-data; x="y"; name="a"x; filename="f"', 'form-data; name="a', ' form-data; name="a"'),
]
OTHER_LINES = [
    *("Content-Type: text/plain", "content-type: T/t; x=Y ", "Content-Type:", "X-Y : 1", "X\ty"),
    *("X: a\r\n b", ": x", "X", "Content-Type: a\r\nContent-Type: b", "Content-Type: é"),
]
CONTENT_TYPES: list[str | None] = [
    *("multipart/form-data; boundary=abc", 'Multipart/Form-Data ; x="y;z"; BOUNDARY="a\\bc"x;q'),
    *("multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary="'),
    *("multipart/form-data;;boundary=abc ;boundary=x", "multipart/form-data; boundary= abc"),
    *("multipart/form-data; boundary =abc", "multipart/form-data, boundary=abc", "", "text/plain"),
    *("application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=UTF-8"),
    *("application/x-www-form-urlencoded; charset=latin1", "multipart/form-data; boundary='abc'"),
    *("application/x-www-form-urlencoded; charset=;x", "multipart", "/", "multipart/mixed", None),
]


def multipart_program(draw: random.Random) -> list[Step]:
    """Parse a body as a form. Most bodies are almost valid."""
    text = draw.choice(["", "", "", "preamble\r\n", "x"])
    for _ in range(draw.choice([0, 1, 1, 2])):
        text += "--abc" + draw.choice(["", "", "", " ", "d"]) + draw.choice(LINE_ENDS)
        lines = [f"Content-Disposition: {draw.choice(DISPOSITIONS)}"]
        if draw.random() < 0.3:
            lines.insert(draw.randrange(2), draw.choice(OTHER_LINES))
        text += draw.choice(LINE_ENDS[:6]).join(lines)
        end = draw.choice(LINE_ENDS)
        text += end + end + draw.choice(["x", "", "é\ufeff", "\r\n", "--abc", "a\n--ab"])
        text += draw.choice(LINE_ENDS)
    text += draw.choice(["--abc--", "--abc--", "--abc--\r\nepilogue", "--abc", "--abc-", ""])
    body = text.encode()
    content_type = CONTENT_TYPES[0]
    if draw.random() < 0.2:
        content_type = draw.choice(CONTENT_TYPES)
        body = draw.choice([body, draw.choice(QUERIES).encode("utf-8", "replace")])
    if draw.random() < 0.1:
        position = draw.randrange(len(body) + 1)
        body = body[:position] + draw.randbytes(1) + body[position:]
    return [["parse", base64.b64encode(body).decode(), content_type]]
