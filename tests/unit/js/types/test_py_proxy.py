"""`create_proxy` and its like, beyond what is compared with Pyodide."""

import pytest

from pykvbinding.errors import JsException
from pykvbinding.js.types.py_proxy import create_once_callable, create_proxy, destroy_proxies


def test_a_proxy_is_the_python_value_again_when_it_comes_back() -> None:
    value = [1]

    assert create_proxy(value).to_py() is value


def test_a_proxy_of_what_is_no_buffer_has_none() -> None:
    with pytest.raises(AttributeError, match="getBuffer"):
        create_proxy([1]).getBuffer()


def test_a_view_of_a_buffer_has_the_names_of_a_memoryview_until_it_is_released() -> None:
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


def test_a_destroyed_proxy_is_of_no_use() -> None:
    proxy = create_proxy({"a": 1})

    proxy.destroy()

    with pytest.raises(JsException, match="already been destroyed"):
        str(proxy)
    with pytest.raises(JsException, match="already been destroyed"):
        proxy.b = 2


def test_proxies_in_an_array_are_destroyed_and_the_rest_is_left_alone() -> None:
    proxy = create_proxy([1])

    destroy_proxies([proxy, 5])

    with pytest.raises(JsException, match="already been destroyed"):
        proxy.unwrap()


def test_a_callable_is_called_once_even_if_it_fails() -> None:
    def fail() -> None:
        raise ValueError

    once = create_once_callable(fail)

    with pytest.raises(ValueError, match=r"^$"):
        once()
    with pytest.raises(JsException, match="OnceProxy can only be called once"):
        once()
