"""For every text about headers, URLs, Blobs and forms, a call that raises it."""

from typing import Any

from pykvbinding.errors import JsException
from pykvbinding.js.fetch import multipart
from pykvbinding.js.fetch.blob import Blob, File
from pykvbinding.js.fetch.headers import Headers
from pykvbinding.js.types.object import JsObject
from pykvbinding.js.url.search_params import URLSearchParams
from pykvbinding.js.url.url import URL
from tests.support.error_cases import Case

DISPOSITION = "Content-Disposition: form-data"
FORM = 'multipart/form-data; boundary="x"'


def type_error(message: str) -> JsException:
    return JsException("TypeError", message)


def constructor_error(owner: str, parameter: int, type_name: str) -> JsException:
    prefix = f"Failed to construct '{owner}': constructor parameter {parameter}"
    return type_error(f"{prefix} is not of type '{type_name}'.")


def set_href() -> None:
    URL("http://a/").href = "b"


def read_form(body: str, content_type: str | None = FORM) -> Any:
    return multipart.parse(body.encode(), content_type)


def read_part(headers: str) -> Any:
    return read_form(f"--x\r\n{headers}\r\n\r\n1\r\n--x--")


CASES: dict[str, Case] = {
    "blob_endings": (
        lambda _: Blob(None, JsObject({"endings": "native"})),
        JsException("Error", "The 'endings' field on 'Options' is not implemented."),
    ),
    "constructor_not_of_type": (lambda _: File(None), constructor_error("File", 2, "string")),
    "form_boundary_unterminated": (
        lambda _: read_form("--xy"),
        type_error("Boundary string was not succeeded by CRLF, LF, or '--'."),
    ),
    "form_disposition_invalid": (
        lambda _: read_part("Content-Disposition: ;"),
        type_error("Invalid Content-Disposition header found in FormData part."),
    ),
    "form_disposition_unknown": (
        lambda _: read_part('Content-Disposition: attachment; name="a"'),
        type_error(
            "Content-Disposition header for FormData part must have the value "
            '"form-data", possibly followed by parameters. Got: "attachment"'
        ),
    ),
    "form_headers_invalid": (
        lambda _: read_part("Content-Disposition"),
        type_error("FormData part had invalid headers."),
    ),
    "form_headers_unterminated": (
        lambda _: read_form("--x\r\n"),
        type_error("No multipart message header termination found."),
    ),
    "form_not_utf8": (
        lambda _: read_form("a=b", "application/x-www-form-urlencoded; charset=latin1"),
        type_error("Non-utf-8 application/x-www-form-urlencoded body."),
    ),
    "form_type_unknown": (
        lambda _: read_form("a=b", "text/plain"),
        type_error(
            "Unrecognized Content-Type header value. FormData can only parse the following MIME "
            "types: multipart/form-data, application/x-www-form-urlencoded"
        ),
    ),
    "form_boundary_missing": (
        lambda _: read_form("", "multipart/form-data"),
        type_error(
            "No boundary string in Content-Type header. The multipart/form-data MIME type "
            "requires a boundary parameter, e.g. 'Content-Type: multipart/form-data; "
            'boundary="abcd"\'. See RFC 7578, section 4.'
        ),
    ),
    "form_disposition_missing": (
        lambda _: read_part("Content-Type: text/plain"),
        type_error("No valid Content-Disposition header found in FormData part."),
    ),
    "form_last_boundary_missing": (
        lambda _: read_form(f'--x\r\n{DISPOSITION}; name="a"\r\n\r\n1'),
        type_error("No subsequent boundary string after multipart message."),
    ),
    "form_name_missing": (
        lambda _: read_part(DISPOSITION),
        type_error("Content-Disposition header in FormData part is missing a name."),
    ),
    "form_first_boundary_missing": (
        lambda _: read_form("1"),
        type_error("No initial boundary string (or you have a truncated message)."),
    ),
    "form_content_type_missing": (
        lambda _: read_form("a=b", None),
        type_error("Parsing a Body as FormData requires a Content-Type header."),
    ),
    "header_get_all": (
        lambda _: Headers().getAll("a"),
        type_error('getAll() can only be used with the header name "Set-Cookie".'),
    ),
    "header_name_invalid": (
        lambda _: Headers().get("a b"),
        type_error("Invalid header name."),
    ),
    "header_not_a_pair": (
        lambda _: Headers([("a",)]),
        type_error(
            "To initialize a Headers object from a sequence, each inner sequence must have exactly "
            "two elements."
        ),
    ),
    "header_value_invalid": (
        lambda _: Headers().set("a", "b\nc"),
        type_error("Invalid header value."),
    ),
    "headers_immutable": (
        lambda _: Headers.of([], immutable=True).append("a", "b"),
        type_error("Can't modify immutable headers."),
    ),
    "int32_out_of_range": (
        lambda _: Blob().slice(2**31),
        type_error("Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."),
    ),
    "pairs_not_sequences": (
        lambda _: Headers({"a": "b"}),
        type_error("Incorrect type: the provided value is not of type 'Sequence'."),
    ),
    "search_not_a_pair": (
        lambda _: URLSearchParams([("a", "b", "c")]),
        type_error("Invalid URL search params sequence."),
    ),
    "url_href_invalid": (
        lambda _: set_href(),
        type_error(
            "Failed to set the 'href' property on 'URL': the provided value is not of type 'valid "
            "URL string'."
        ),
    ),
    "url_invalid": (lambda _: URL("a"), type_error("Invalid URL string.")),
    "url_object_not_implemented": (
        lambda _: URL.createObjectURL(),
        JsException("Error", "URL.createObjectURL() is not implemented"),
    ),
}
