"""`js.Promise`: promises of several promises, and one that a Python function settles."""

from collections.abc import Iterable
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.promise import Deferred as JsPromise
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.object import JsArray, JsObject, each

_TAGS = {str: "String", bool: "Boolean", int: "Number", float: "Number"}


def new(executor: Any = None) -> JsPromise:
    """`Promise.new(executor)`: `executor(resolve, reject)` is called at once.

    Raises: JsException, "Promise resolver undefined is not a function".
    """
    if not callable(executor):
        raise errors.no_resolver(to_js_string(executor))
    promise = JsPromise()

    def resolve(value: Any = None) -> None:
        if hasattr(value, "__await__"):
            JsPromise.of(value).then(promise.resolve, promise.reject)
        else:
            promise.resolve(value)

    def refuse(reason: Any = None) -> None:
        promise.reject(as_exception(reason))

    try:
        executor(resolve, refuse)
    except Exception as error:
        promise.reject(error)
    return promise


def resolve(value: Any = None) -> JsPromise:
    """`Promise.resolve`: a promise stays what it is."""
    return JsPromise.of(value)


def reject(reason: Any = None) -> JsPromise:
    """`Promise.reject`."""
    return JsPromise.rejected(as_exception(reason))


def with_resolvers() -> JsObject:
    """`Promise.withResolvers()`: a promise, and the functions that settle it."""
    held: dict[str, Any] = {}

    def keep(resolve: Any, refuse: Any) -> None:
        held.update(resolve=resolve, reject=refuse)

    return JsObject({"promise": new(keep), **held})


def all_of(items: Any = None) -> JsPromise:
    """`Promise.all`: an Array of all results, or the first failure."""
    return JsPromise.of(_all(_promises(items)))


def all_settled(items: Any = None) -> JsPromise:
    """`Promise.allSettled`: an Array of how each of them ended."""
    return JsPromise.of(_all_settled(_promises(items)))


def race(items: Any = None) -> JsPromise:
    """`Promise.race`: as the first that ends."""
    promise = JsPromise()
    for item in _promises(items):
        item.then(promise.resolve, promise.reject)
    return promise


def any_of(items: Any = None) -> JsPromise:
    """`Promise.any`: as the first that is fulfilled; an AggregateError if none is."""
    return JsPromise.of(_any(_promises(items)))


async def _all(promises: list[JsPromise]) -> JsArray:
    # The first that fails ends it, whichever place it has.
    ended = JsPromise()
    for promise in promises:
        promise.then(None, ended.reject)
    for promise in promises:
        promise.then(lambda _: _tell_all(promises, ended))
    if not promises:
        return JsArray([])
    await ended
    return JsArray([promise.result() for promise in promises])


def _tell_all(promises: list[JsPromise], ended: JsPromise) -> None:
    if all(promise.done for promise in promises):
        ended.resolve()


async def _all_settled(promises: list[JsPromise]) -> JsArray:
    ends = []
    for promise in promises:
        try:
            ends.append(JsObject({"status": "fulfilled", "value": await promise}))
        except Exception as error:
            ends.append(JsObject({"status": "rejected", "reason": error}))
    return JsArray(ends)


async def _any(promises: list[JsPromise]) -> Any:
    first = JsPromise()
    left = len(promises)

    def failed(_: BaseException) -> None:
        nonlocal left
        left -= 1
        if not left:
            first.reject(errors.all_rejected())

    for promise in promises:
        promise.then(first.resolve, failed)
    if not promises:
        raise errors.all_rejected()
    return await first


def _promises(items: Any) -> list[JsPromise]:
    return [JsPromise.of(item) for item in _items(items)]


def _items(items: Any) -> Iterable[Any]:
    """What is in a list. Pyodide's proxy of what a Python list holds does not outlive the call.

    Raises: JsException, "This borrowed proxy was automatically destroyed when an iterator …".
    """
    found = list(each(items))
    if not isinstance(items, JsProxy) and any(hasattr(item, "__await__") for item in found):
        for item in found:
            if hasattr(item, "close"):  # a coroutine, of which Python would warn besides
                item.close()
        raise errors.borrowed_proxy_destroyed("when an iterator was exhausted.")
    return found


def as_exception(reason: Any) -> BaseException:
    """What Python raises for a thrown value: an Error is one, anything else is wrapped."""
    if isinstance(reason, BaseException):
        return reason
    tag = "Undefined" if reason is None else _TAGS.get(type(reason), "Object")
    return errors.thrown(tag.lower(), f"[object {tag}]", to_js_string(reason))
