"""Errors of workerd when the `fetch` of a Worker fails, in their exact wording."""

from pykvbinding.errors import JsException


def no_connection() -> JsException:
    return JsException("Error", "Network connection lost.")


def redirected_too_often() -> JsException:
    return JsException("TypeError", "Too many redirects.")
