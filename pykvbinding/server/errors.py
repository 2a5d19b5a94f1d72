"""What workerd says when the `fetch` of a Worker fails: its own words."""

from pykvbinding.errors import JsException


def no_connection() -> JsException:
    return JsException("Error", "Network connection lost.")


def redirected_too_often() -> JsException:
    return JsException("TypeError", "Too many redirects.")
