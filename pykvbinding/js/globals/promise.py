"""`js.Promise`: its constructor, and its static functions that combine promises."""

from collections.abc import Iterable
from typing import Any

from pykvbinding.js.core import errors
from pykvbinding.js.core.coercion import to_js_string
from pykvbinding.js.core.promise import Deferred as JsPromise
from pykvbinding.js.core.proxy import JsProxy
from pykvbinding.js.types.object import JsArray, JsObject, iterate

_TAGS = {str: "String", bool: "Boolean", int: "Number", float: "Number"}


def new(executor: Any = None) -> JsPromise:
    """Return a promise that `executor(resolve, reject)` settles; it is called at once.

    Raises: JsException, "Promise resolver undefined is not a function".
    """
    if not callable(executor):
        raise errors.resolver_not_a_function(to_js_string(executor))
    promise = JsPromise()

    def resolve(value: Any = None) -> None:
        if hasattr(value, "__await__"):
            JsPromise.of(value).then(promise.resolve, promise.reject)
        else:
            promise.resolve(value)

    def reject_with(reason: Any = None) -> None:
        promise.reject(as_exception(reason))

    try:
        executor(resolve, reject_with)
    except Exception as error:
        promise.reject(error)
    return promise


def resolve(value: Any = None) -> JsPromise:
    """Return a promise of `value`, as `Promise.resolve`; a promise is returned unchanged."""
    return JsPromise.of(value)


def reject(reason: Any = None) -> JsPromise:
    """Return a rejected promise, as `Promise.reject`."""
    return JsPromise.rejected(as_exception(reason))


def with_resolvers() -> JsObject:
    """Return a promise and the functions that settle it, as `Promise.withResolvers()`."""
    settlers: dict[str, Any] = {}

    def capture(resolve: Any, reject_with: Any) -> None:
        settlers.update(resolve=resolve, reject=reject_with)

    return JsObject({"promise": new(capture), **settlers})


def all_of(items: Any = None) -> JsPromise:
    """Return a promise of an Array of all results, or of the first failure, as `Promise.all`."""
    return JsPromise.of(_all(_promises(items)))


def all_settled(items: Any = None) -> JsPromise:
    """Return a promise of an Array of all outcomes, as `Promise.allSettled`."""
    return JsPromise.of(_all_settled(_promises(items)))


def race(items: Any = None) -> JsPromise:
    """Return a promise that settles as the first one that settles, as `Promise.race`."""
    promise = JsPromise()
    for item in _promises(items):
        item.then(promise.resolve, promise.reject)
    return promise


def any_of(items: Any = None) -> JsPromise:
    """Return a promise of the first result, as `Promise.any`; if all fail, an AggregateError."""
    return JsPromise.of(_any(_promises(items)))


async def _all(promises: list[JsPromise]) -> JsArray:
    # The first rejection settles the result, also if an earlier promise is still pending.
    completion = JsPromise()
    for promise in promises:
        promise.then(None, completion.reject)
    for promise in promises:
        promise.then(lambda _: _complete_if_all_done(promises, completion))
    if not promises:
        return JsArray([])
    await completion
    return JsArray([promise.result() for promise in promises])


def _complete_if_all_done(promises: list[JsPromise], completion: JsPromise) -> None:
    if all(promise.done for promise in promises):
        completion.resolve()


async def _all_settled(promises: list[JsPromise]) -> JsArray:
    outcomes = []
    for promise in promises:
        try:
            outcomes.append(JsObject({"status": "fulfilled", "value": await promise}))
        except Exception as error:
            outcomes.append(JsObject({"status": "rejected", "reason": error}))
    return JsArray(outcomes)


async def _any(promises: list[JsPromise]) -> Any:
    winner = JsPromise()
    remaining = len(promises)

    def on_rejected(_: BaseException) -> None:
        nonlocal remaining
        remaining -= 1
        if not remaining:
            winner.reject(errors.all_rejected())

    for promise in promises:
        promise.then(winner.resolve, on_rejected)
    if not promises:
        raise errors.all_rejected()
    return await winner


def _promises(items: Any) -> list[JsPromise]:
    return [JsPromise.of(item) for item in _items(items)]


def _items(items: Any) -> Iterable[Any]:
    """Return the items of an iterable; Pyodide's proxies of the items do not outlive the call.

    Raises: JsException, "This borrowed proxy was automatically destroyed when an iterator …".
    """
    elements = list(iterate(items))
    if not isinstance(items, JsProxy) and any(hasattr(item, "__await__") for item in elements):
        for item in elements:
            if hasattr(item, "close"):  # a coroutine: Python warns if it is never awaited
                item.close()
        raise errors.borrowed_proxy_destroyed("when an iterator was exhausted.")
    return elements


def as_exception(reason: Any) -> BaseException:
    """Return the exception that Python raises for a thrown value; only an Error is not wrapped."""
    if isinstance(reason, BaseException):
        return reason
    tag = "Undefined" if reason is None else _TAGS.get(type(reason), "Object")
    return errors.value_thrown(tag.lower(), f"[object {tag}]", to_js_string(reason))
