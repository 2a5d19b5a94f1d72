"""Proxies of Python values, beyond the comparison with Pyodide."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.types.py_proxy import create_once_callable, create_proxy, destroy_proxies


def test_to_py_returns_the_python_value() -> None:
    value = [1]

    assert create_proxy(value).to_py() is value


def test_get_buffer_rejects_a_value_that_is_not_a_buffer() -> None:
    with pytest.raises(AttributeError, match="getBuffer"):
        create_proxy([1]).getBuffer()


def test_a_buffer_view_has_attributes_of_a_memoryview_until_release() -> None:
    view = create_proxy(b"abc").getBuffer("u8")

    assert (view.nbytes, view.readonly, view.shape, repr(view)) == (
        3,
        True,
        (3,),
        "[object Object]",
    )
    assert not hasattr(view, "tobytes")

    view.release()

    assert not hasattr(view, "nbytes")


def test_a_destroyed_proxy_raises_an_error() -> None:
    proxy = create_proxy({"a": 1})

    proxy.destroy()

    with pytest.raises(JsException, match="already been destroyed"):
        str(proxy)
    with pytest.raises(JsException, match="already been destroyed"):
        proxy.b = 2


def test_destroy_proxies_destroys_proxies_and_ignores_other_values() -> None:
    proxy = create_proxy([1])

    destroy_proxies([proxy, 5])

    with pytest.raises(JsException, match="already been destroyed"):
        proxy.unwrap()


def test_a_once_callable_can_be_called_once_even_if_it_fails() -> None:
    def fail() -> None:
        raise ValueError

    once = create_once_callable(fail)

    with pytest.raises(ValueError, match=r"^$"):
        once()
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        once()
