"""`FormData` as a Python Worker has it: a mapping whose keys may repeat."""

from collections.abc import Generator, MutableMapping
from typing import Any, Final

from pykvbinding.js.fetch.form_data import FormData as JsFormData
from pykvbinding.workers.standin import refusals
from pykvbinding.workers.standin.blob import Blob, File
from pykvbinding.workers.standin.convert import class_name

FormDataValue: Final = "str | js.Blob | Blob"
"""What a field may hold."""


class FormData(MutableMapping[str, Any]):
    """The fields of a form. `js_object` is the JavaScript one.

    As in the SDK, `len()` is refused, an absent field is JavaScript's null under `[…]`, and
    keys(), values() and items() are generators with an entry for each value.

    Raises: TypeError, "Expected form_data to be a dict or an instance of FormData"
    """

    def __init__(self, form_data: Any = None) -> None:
        if not form_data:
            self._js_form_data = JsFormData()
        elif isinstance(form_data, dict):
            self._js_form_data = JsFormData()
            for key, value in form_data.items():
                self._js_form_data.append(key, _to_js(value))
        elif class_name(form_data) == "FormData":
            self._js_form_data = form_data
        else:
            raise refusals.not_form_data()

    def __getitem__(self, key: str) -> Any:
        return _to_python(self._js_form_data.get(key))

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, list):
            raise refusals.many_form_values()
        self._js_form_data.set(key, _to_js(value))

    def __delitem__(self, key: str) -> None:
        self._js_form_data.delete(key)

    def __contains__(self, key: object) -> bool:
        return self._js_form_data.has(key)

    def __iter__(self) -> Generator[str]:
        yield from self.keys()

    def __len__(self) -> int:
        raise refusals.form_without_len()

    def append(self, key: str, value: Any, filename: str | None = None) -> None:
        """Add a value beside those that `key` has."""
        self._js_form_data.append(key, _to_js(value), filename)

    def delete(self, key: str) -> None:
        """Remove every value of `key`."""
        self._js_form_data.delete(key)

    def get_all(self, key: str) -> list[Any]:
        """Every value of `key`."""
        return [_to_python(value) for value in self._js_form_data.getAll(key)]

    def keys(self) -> Generator[str]:  # type: ignore[override]
        """The keys, one for each value."""
        yield from self._js_form_data.keys()

    def values(self) -> Generator[Any]:  # type: ignore[override]
        """All values."""
        for value in self._js_form_data.values():
            yield _to_python(value)

    def items(self) -> Generator[tuple[str, Any]]:  # type: ignore[override]
        """Keys and values."""
        for key, value in self._js_form_data.entries():
            yield key, _to_python(value)

    @property
    def js_object(self) -> JsFormData:
        """The JavaScript form."""
        return self._js_form_data


def _to_js(value: Any) -> Any:
    return value.js_object if isinstance(value, Blob) else value


def _to_python(value: Any) -> Any:
    # A form of JavaScript holds no Blob: it makes a File of one.
    return File(value, value.name) if class_name(value) == "File" else value
