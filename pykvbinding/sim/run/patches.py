"""Isolation of handlers: virtual time, seeded randomness, and no I/O.

While handlers run, and on their thread only:

- `time.time`, `monotonic`, `localtime` and the like, and `datetime.now`, return the network's
  time; `perf_counter` stays real. time-machine makes `datetime` do so in every module. While
  freezegun is active they return its time instead, with a warning.
- `random`, `uuid`, `secrets` and `os.urandom` return the same values in every run, because many
  handlers create an id and its value seldom matters. `random.Random()` without a seed does not.
- A socket, thread, subprocess, signal handler or real sleep is refused; the error names the call.
- A replacement that a test has installed for any of these stays installed.

Hypothesis, a search and every other scheduler run outside the isolation. Other threads also see the
time that time-machine sets.
"""

import asyncio
import os
import random
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pykvbinding.clock import NANOSECONDS
from pykvbinding.sim.run.isolation import (
    ISOLATIONS,
    OUTSIDE,
    IsolatedRun,
    Isolation,
    current_isolation,
)

_lock = threading.RLock()


@contextmanager
def isolated(
    run: IsolatedRun, started: int, modules: Iterable[dict[str, Any]]
) -> Iterator[Isolation]:
    """Isolate this thread in the `with` block; `modules` are the globals of handlers."""
    isolation = Isolation(run, started)
    thread = threading.get_ident()
    traveller = isolation.start_time_machine()
    with _lock:
        if not ISOLATIONS:
            _install()
        ISOLATIONS[thread] = isolation
    swapped = _swap(modules)
    try:
        yield isolation
    finally:
        for names, name, value in swapped:
            names[name] = value
        if traveller is not None:
            traveller.stop()
        with _lock:
            del ISOLATIONS[thread]
            if not ISOLATIONS:
                _uninstall()


# Patches.


@dataclass(slots=True)
class _Patch:
    """A function that is replaced while an isolation is active.

    `names` are the globals of a module, for speed, or `None` for a class.
    """

    owner: Any
    name: str
    original: Any
    replacement: Any
    names: dict[str, Any] | None
    is_inherited: bool

    def install(self) -> bool:
        """Replace an attribute of a class; return whether the original was in place."""
        if getattr(self.owner, self.name) is not self.original:
            return False
        setattr(self.owner, self.name, self.replacement)
        return True

    def uninstall(self) -> None:
        """Restore the attribute of a class, or delete it if the original is inherited."""
        if self.is_inherited:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.original)


_resolved_patches: list[_Patch] = []
_installed: list[_Patch] = []
_replacements: dict[int, Any] = {}
"""The replacement of each original, by the id of the original."""


def _install() -> None:
    if not _resolved_patches:
        available = [
            awaitable for awaitable in _PATCHES if hasattr(awaitable[0], awaitable[1])
        ]  # on this platform
        for owner, name, make in available:
            original = getattr(owner, name)
            is_inherited = name not in vars(owner)
            names = vars(owner) if isinstance(owner, ModuleType) else None
            _resolved_patches.append(
                _Patch(owner, name, original, make(original), names, is_inherited)
            )
        _replacements.update((id(patch.original), patch.replacement) for patch in _resolved_patches)
    _installed.clear()
    for patch in _resolved_patches:
        # A replacement that a test has installed stays installed.
        if patch.names is None:
            if not patch.install():
                continue
        elif patch.names.get(patch.name) is patch.original:
            patch.names[patch.name] = patch.replacement
        else:
            continue
        _installed.append(patch)


def _uninstall() -> None:
    for patch in _installed:
        if patch.names is None:
            patch.uninstall()
        else:
            patch.names[patch.name] = patch.original


def _patched_clock(read_time: Callable[[Isolation], Any]) -> Callable[[Any], Any]:
    """Patch a clock: inside an isolation it returns `read_time(isolation)`."""

    def make(original: Any) -> Any:
        def read_clock() -> Any:
            isolation = current_isolation()
            return original() if isolation is None else read_time(isolation)

        return read_clock

    return make


def _patched_conversion(original: Any) -> Any:
    """Patch `localtime` and similar functions, whose argument defaults to the current time."""

    def convert(seconds: float | None = None, /) -> Any:
        isolation = current_isolation() if seconds is None else None
        return original(seconds) if isolation is None else original(isolation.now)

    return convert


def _patched_formatting(count: int) -> Callable[[Any], Any]:
    """Patch `asctime` or `strftime`: `count` arguments come before the time, if there is one."""

    def make(original: Any) -> Any:
        def convert(*args: Any) -> Any:
            isolation = current_isolation() if len(args) == count else None
            return original(*args) if isolation is None else original(*args, time.localtime())

        return convert

    return make


def _patched_urandom(original: Any) -> Any:
    def draw(count: int, /) -> bytes:
        isolation = current_isolation()
        return original(count) if isolation is None else isolation.seeded_random.randbytes(count)

    return draw


def _patched_random(name: str) -> Callable[[Any], Any]:
    """Patch a function of `random` to use the random source of the isolation."""

    def make(original: Any) -> Any:
        def draw(*args: Any, **kwargs: Any) -> Any:
            isolation = current_isolation()
            function = original if isolation is None else getattr(isolation.seeded_random, name)
            return function(*args, **kwargs)

        return draw

    return make


def _refused_call(call: str, instead: str) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        def do(*args: Any, **kwargs: Any) -> Any:
            isolation = current_isolation()
            return (
                original(*args, **kwargs) if isolation is None else isolation.refuse(call, instead)
            )

        return do

    return make


def _patched_as_completed(original: Any) -> Any:
    """Patch `as_completed` to keep the order of its arguments, not that of a set of addresses."""

    def as_completed(fs: Any, *, timeout: float | None = None) -> Any:
        if current_isolation() is not None:
            fs = [asyncio.ensure_future(awaitable) for awaitable in dict.fromkeys(fs)]
        return original(fs, timeout=timeout)

    return as_completed


_SLEEP = "Use `await asyncio.sleep(...)`: it takes no real time and moves the network's clock."
_RANDOM = [
    name for name, value in vars(random).items() if getattr(value, "__self__", None) is random._inst
]

_PATCHES: list[tuple[Any, str, Callable[[Any], Any]]] = [
    (time, "time", _patched_clock(lambda isolation: isolation.now)),
    (time, "time_ns", _patched_clock(lambda isolation: isolation.now_nanoseconds)),
    (
        time,
        "monotonic",
        _patched_clock(lambda isolation: isolation.monotonic_nanoseconds / NANOSECONDS),
    ),
    (time, "monotonic_ns", _patched_clock(lambda isolation: isolation.monotonic_nanoseconds)),
    (time, "localtime", _patched_conversion),
    (time, "gmtime", _patched_conversion),
    (time, "ctime", _patched_conversion),
    (time, "asctime", _patched_formatting(0)),
    (time, "strftime", _patched_formatting(1)),
    (time, "sleep", _refused_call("time.sleep", _SLEEP)),
    (os, "urandom", _patched_urandom),
    (random, "_urandom", _patched_urandom),  # used by `secrets` and `SystemRandom`
    (os, "system", _refused_call("os.system", OUTSIDE)),
    (os, "fork", _refused_call("os.fork", OUTSIDE)),
    (os, "posix_spawn", _refused_call("os.posix_spawn", OUTSIDE)),
    (subprocess.Popen, "__init__", _refused_call("subprocess.Popen", OUTSIDE)),
    (threading.Thread, "start", _refused_call("threading.Thread.start", OUTSIDE)),
    (socket.socket, "connect", _refused_call("socket.connect", OUTSIDE)),
    (socket.socket, "connect_ex", _refused_call("socket.connect_ex", OUTSIDE)),
    (socket.socket, "sendto", _refused_call("socket.sendto", OUTSIDE)),
    (socket, "getaddrinfo", _refused_call("socket.getaddrinfo", OUTSIDE)),
    (asyncio, "as_completed", _patched_as_completed),
    (asyncio.tasks, "as_completed", _patched_as_completed),
    *((random, name, _patched_random(name)) for name in _RANDOM),
]


def _swap(modules: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], str, Any]]:
    """Replace functions that handler modules have imported by name; return the originals."""
    swapped = [
        (names, name, value)
        for names in modules
        for name, value in names.items()
        if id(value) in _replacements
    ]
    for names, name, value in swapped:
        names[name] = _replacements[id(value)]
    return swapped
