"""Errors of JavaScript values, headers, URLs and forms: one function builds one error.

The texts are those of workerd (April 2026), V8 and Pyodide 0.28.2, character for character. A
DOMException is a `JsException` with the name of the exception.
"""

from pykvbinding.errors import JsException


class ConversionError(Exception):
    """What cannot go over the border between Python and JavaScript (Pyodide's class)."""


class InternalError(Exception):
    """A fault of Pyodide itself (its class; never raised here)."""


def _type_error(message: str) -> JsException:
    return JsException("TypeError", message)


def _range_error(message: str) -> JsException:
    return JsException("RangeError", message)


# Values and their constructors.


def called_without_new(name: str) -> JsException:
    return _type_error(
        f"Failed to construct '{name}': Please use the 'new' operator, this object constructor "
        "cannot be called as a function."
    )


def requires_new(name: str) -> JsException:
    """V8's own classes say it in other words than the runtime's."""
    if name == "Promise":
        return _type_error("Promise constructor cannot be invoked without 'new'")
    return _type_error(f"Constructor {name} requires 'new'")


def not_an_entry(shown: str) -> JsException:
    return _type_error(f"Iterator value {shown} is not an entry object")


def value_not_iterable(shown: str) -> JsException:
    if shown == "undefined":
        return _type_error("undefined is not iterable")
    return _type_error(f"{shown} is not iterable (cannot read property Symbol(Symbol.iterator))")


def no_object() -> JsException:
    return _type_error("Cannot convert undefined or null to object")


def array_length() -> JsException:
    return _range_error("Invalid array length")


def invalid_date() -> JsException:
    return _range_error("Invalid time value")


def no_resolver(shown: str) -> JsException:
    return _type_error(f"Promise resolver {shown} is not a function")


def all_rejected() -> JsException:
    return JsException("AggregateError", "All promises were rejected")


# Buffers.


def buffer_length() -> JsException:
    return _range_error("Invalid array buffer length")


def typed_array_length(length: object) -> JsException:
    return _range_error(f"Invalid typed array length: {length}")


def offset_outside(offset: int) -> JsException:
    return _range_error(f"Start offset {offset} is outside the bounds of the buffer")


def offset_unaligned(name: str, size: int) -> JsException:
    return _range_error(f"start offset of {name} should be a multiple of {size}")


def length_unaligned(name: str, size: int) -> JsException:
    return _range_error(f"byte length of {name} should be a multiple of {size}")


def source_too_large() -> JsException:
    return _range_error("offset is out of bounds")


def not_a_buffer() -> JsException:
    return _type_error("First argument to DataView constructor must be an ArrayBuffer")


def view_length(length: int) -> JsException:
    return _range_error(f"Invalid DataView length {length}")


# Proxies of Python values, and conversions: Pyodide's words.


_PROXY_HELP = "\nFor more information about the cause of this error, use `pyodide.setDebug(true)`"


def proxy_destroyed() -> JsException:
    return JsException("Error", "Object has already been destroyed" + _PROXY_HELP)


def once_called() -> JsException:
    return JsException("Error", "OnceProxy can only be called once")


def borrowed_proxy_destroyed(moment: str) -> JsException:
    """What becomes of a Python value that JavaScript keeps without create_proxy."""
    return JsException(
        "Error", f"This borrowed proxy was automatically destroyed {moment}" + _PROXY_HELP
    )


def no_conversion() -> ConversionError:
    return ConversionError("No conversion known for x.")


def conversion_failed() -> ConversionError:
    return ConversionError("Conversion from python to javascript failed")


def key_of_map(shown: str, kind: str) -> ConversionError:
    return ConversionError(f"Cannot use {shown} as a key for a Javascript {kind}")


def key_of_dict(name: str, kind: str) -> JsException:
    return JsException("Error", f"Cannot use key of type {name} as a key to a Python {kind}")


def thrown(type_name: str, tag: str, shown: str) -> JsException:
    return JsException(
        "Error",
        f"A value of type {type_name} with tag {tag} was thrown as an error!\n"
        f'String interpolation of the thrown value gives """{shown}""".\n'
        f'The thrown value\'s toString method returns """{shown}""".',
    )


# Wrong use from Python: Pyodide raises Python's own errors.


def assigned_of_other_size(size_bytes: int, other_bytes: int) -> ValueError:
    # Pyodide 0.28.2 names the two sizes the wrong way round; so they are here.
    sizes = f"to TypedArray of length {other_bytes} from buffer of length {size_bytes}"
    return ValueError(f"cannot assign {sizes}")


def assigned_to_other_size(size_bytes: int, other_bytes: int) -> ValueError:
    sizes = f"from TypedArray of length {size_bytes} to buffer of length {other_bytes}"
    return ValueError(f"cannot assign {sizes}")


def no_buffer() -> AttributeError:
    return AttributeError("getBuffer")


def typed_array_slice() -> NotImplementedError:
    return NotImplementedError("Slice subscripting isn't implemented for typed arrays")


# Functions of the global object.


def not_of_type(method: str, owner: str, parameter: int, type_name: str) -> JsException:
    return _type_error(
        f"Failed to execute '{method}' on '{owner}': parameter {parameter} is not of type "
        f"'{type_name}'."
    )


def uri_malformed() -> JsException:
    return JsException("URIError", "URI malformed")


def base64_invalid() -> JsException:
    return JsException(
        "InvalidCharacterError",
        "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric "
        "ASCII, and up to two terminal '=' signs when the input data length is divisible by 4 are "
        "allowed.)",
    )


def base64_beyond_latin1() -> JsException:
    return JsException(
        "InvalidCharacterError",
        "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.",
    )


def json_syntax(message: str) -> JsException:
    return JsException("SyntaxError", message)


def json_bigint() -> JsException:
    return _type_error("Do not know how to serialize a BigInt")


def json_circular(name: str, way: str) -> JsException:
    return _type_error(
        "Converting circular structure to JSON\n"
        f"    --> starting at object with constructor '{name}'{way}"
    )


def encoding_unknown(label: str) -> JsException:
    return _range_error(f'"{label}" is not a valid encoding.')


def undecodable() -> JsException:
    return _type_error("Failed to decode input.")


def random_not_integers() -> JsException:
    return JsException(
        "TypeMismatchError",
        "ArrayBufferView argument to getRandomValues() must be an integer-typed view.",
    )


def random_too_many(size_bytes: int) -> JsException:
    return JsException(
        "QuotaExceededError",
        f"getRandomValues() only accepts buffers of size <= 64K but provided {size_bytes} bytes.",
    )


def digest_unknown() -> JsException:
    return JsException(
        "NotSupportedError", "Unrecognized or unimplemented digest algorithm requested."
    )


# Arguments: what the runtime's type glue says of them.


def constructor_not_of_type(owner: str, parameter: int, type_name: str) -> JsException:
    return _type_error(
        f"Failed to construct '{owner}': constructor parameter {parameter} is not of type "
        f"'{type_name}'."
    )


def pairs_not_sequences() -> JsException:
    return _type_error("Incorrect type: the provided value is not of type 'Sequence'.")


def bigint_to_number() -> JsException:
    return _type_error("Cannot convert a BigInt value to a number")


def int32_out_of_range() -> JsException:
    bounds = "Must be between -2147483648 and 2147483647 (inclusive)."
    return _type_error(f"Value out of range. {bounds}")


# Headers, URLs and what forms hold.


def header_name_invalid() -> JsException:
    return _type_error("Invalid header name.")


def header_value_invalid() -> JsException:
    return _type_error("Invalid header value.")


def header_not_a_pair() -> JsException:
    return _type_error(
        "To initialize a Headers object from a sequence, each inner sequence must have exactly two "
        "elements."
    )


def header_get_all() -> JsException:
    return _type_error('getAll() can only be used with the header name "Set-Cookie".')


def headers_immutable() -> JsException:
    return _type_error("Can't modify immutable headers.")


def url_invalid() -> JsException:
    return _type_error("Invalid URL string.")


def url_href_invalid() -> JsException:
    return _type_error(
        "Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL "
        "string'."
    )


def url_object_not_implemented(method: str) -> JsException:
    return JsException("Error", f"URL.{method}() is not implemented")


def search_not_a_pair() -> JsException:
    return _type_error("Invalid URL search params sequence.")


def blob_endings() -> JsException:
    return JsException("Error", "The 'endings' field on 'Options' is not implemented.")


def form_without_type() -> JsException:
    return _type_error("Parsing a Body as FormData requires a Content-Type header.")


def form_type_unknown() -> JsException:
    return _type_error(
        "Unrecognized Content-Type header value. FormData can only parse the following MIME types: "
        "multipart/form-data, application/x-www-form-urlencoded"
    )


def form_not_utf8() -> JsException:
    return _type_error("Non-utf-8 application/x-www-form-urlencoded body.")


def form_without_boundary() -> JsException:
    return _type_error(
        "No boundary string in Content-Type header. The multipart/form-data MIME type requires a "
        "boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. See RFC "
        "7578, section 4."
    )


def form_without_start() -> JsException:
    return _type_error("No initial boundary string (or you have a truncated message).")


def form_boundary_goes_on() -> JsException:
    return _type_error("Boundary string was not succeeded by CRLF, LF, or '--'.")


def form_headers_without_end() -> JsException:
    return _type_error("No multipart message header termination found.")


def form_without_end() -> JsException:
    return _type_error("No subsequent boundary string after multipart message.")


def form_headers_invalid() -> JsException:
    return _type_error("FormData part had invalid headers.")


def form_without_disposition() -> JsException:
    return _type_error("No valid Content-Disposition header found in FormData part.")


def form_disposition_invalid() -> JsException:
    return _type_error("Invalid Content-Disposition header found in FormData part.")


def form_disposition_unknown(disposition: str) -> JsException:
    return _type_error(
        'Content-Disposition header for FormData part must have the value "form-data", possibly '
        f'followed by parameters. Got: "{disposition}"'
    )


def form_without_name() -> JsException:
    return _type_error("Content-Disposition header in FormData part is missing a name.")
