"""Every error of the commands is raised by some call, with its class and its text."""

import inspect
from collections.abc import Callable

import pytest

from pykvbinding.errors import JsException
from pykvbinding.server import errors as refusals
from tests.support.error_cases_cli import CASES
from tests.support.stores import make_kv

BUILDERS = {
    name: function
    for name, function in inspect.getmembers(refusals, inspect.isfunction)
    if function.__module__ == refusals.__name__
}


def test_there_is_a_case_for_every_function_that_builds_an_error() -> None:
    assert sorted(CASES) == sorted(BUILDERS)


def noticing(build: Callable[..., Exception], built: list[Exception]) -> Callable[..., Exception]:
    def build_and_notice(*arguments: object) -> Exception:
        built.append(build(*arguments))
        return built[-1]

    return build_and_notice


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_a_call_raises_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Exception] = []
    monkeypatch.setattr(refusals, name, noticing(BUILDERS[name], built))
    call, expected = CASES[name]

    with pytest.raises(type(expected)) as caught:
        call(make_kv("engine"))

    raised = caught.value
    assert raised in built
    assert (type(raised), str(raised)) == (type(expected), str(expected))
    assert raised.__cause__ is None
    assert raised.__context__ is None or raised.__suppress_context__
    if isinstance(expected, JsException):
        assert isinstance(raised, JsException)
        assert raised.name == expected.name
