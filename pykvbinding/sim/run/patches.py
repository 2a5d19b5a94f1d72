"""Isolation of handlers: virtual time, seeded randomness, and no I/O.

While handlers run, and on their thread only:

- `time.time`, `monotonic`, `localtime` and the like, and `datetime.now`, return the network's
  time; `perf_counter` stays real. time-machine makes `datetime` do so in every module. While
  freezegun is active they return its time instead, and a warning says so.
- `random`, `uuid`, `secrets` and `os.urandom` give the same in every run: handlers that make an id
  are common, and what it is seldom matters. (Not so `random.Random()` without a seed.)
- A socket, thread, subprocess, signal handler or real sleep is refused by name.
- What a test has put in the place of any of these stays there.

Hypothesis, a search and every other scheduler run outside of the isolation. Other threads see the
time that time-machine sets, too.
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
from pykvbinding.sim.run.isolation import FENCES, OUTSIDE, Fence, Fenced, inside

_lock = threading.RLock()


@contextmanager
def fenced(run: Fenced, started: int, modules: Iterable[dict[str, Any]]) -> Iterator[Fence]:
    """Fence in what happens on this thread; `modules` are the globals of handlers."""
    fence = Fence(run, started)
    thread = threading.get_ident()
    traveller = fence.travel()
    with _lock:
        if not FENCES:
            _install()
        FENCES[thread] = fence
    swapped = _swap(modules)
    try:
        yield fence
    finally:
        for names, name, value in swapped:
            names[name] = value
        if traveller is not None:
            traveller.stop()
        with _lock:
            del FENCES[thread]
            if not FENCES:
                _uninstall()


# Patches.


@dataclass(slots=True)
class _Patch:
    """One name that is another one while a fence stands.

    `names` are those of a module, where that is the quickest way to them; `None` for a class.
    """

    owner: Any
    name: str
    original: Any
    replacement: Any
    names: dict[str, Any] | None
    is_inherited: bool

    def install(self) -> bool:
        """Whether it could be, in a class."""
        if getattr(self.owner, self.name) is not self.original:
            return False
        setattr(self.owner, self.name, self.replacement)
        return True

    def uninstall(self) -> None:
        """Put the original back into a class, or uncover it where it was inherited."""
        if self.is_inherited:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.original)


_patches: list[_Patch] = []
_installed: list[_Patch] = []
_virtual: dict[int, Any] = {}
"""What stands for what, by its id."""


def _install() -> None:
    if not _patches:
        here = [each for each in _REPLACED if hasattr(each[0], each[1])]  # on this platform
        for owner, name, make in here:
            original = getattr(owner, name)
            is_inherited = name not in vars(owner)
            names = vars(owner) if isinstance(owner, ModuleType) else None
            _patches.append(_Patch(owner, name, original, make(original), names, is_inherited))
        _virtual.update((id(patch.original), patch.replacement) for patch in _patches)
    _installed.clear()
    for patch in _patches:
        # What a test has put in the place of the original stays there.
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


def _telling(tell: Callable[[Fence], Any]) -> Callable[[Any], Any]:
    """A function that is virtual inside: of the time that the fence tells."""

    def make(original: Any) -> Any:
        def ask() -> Any:
            fence = inside()
            return original() if fence is None else tell(fence)

        return ask

    return make


def _converting(original: Any) -> Any:
    """`localtime` and its like: of now, if no other time is given."""

    def convert(seconds: float | None = None, /) -> Any:
        fence = inside() if seconds is None else None
        return original(seconds) if fence is None else original(fence.now)

    return convert


def _formatting(count: int) -> Callable[[Any], Any]:
    """`asctime` and `strftime`: of now, unless a time comes after `count` arguments."""

    def make(original: Any) -> Any:
        def convert(*given: Any) -> Any:
            fence = inside() if len(given) == count else None
            return original(*given) if fence is None else original(*given, time.localtime())

        return convert

    return make


def _drawing(original: Any) -> Any:
    def draw(count: int, /) -> bytes:
        fence = inside()
        return original(count) if fence is None else fence.chance.randbytes(count)

    return draw


def _repeating(name: str) -> Callable[[Any], Any]:
    """A function of `random` that, inside, has its chance from the fence."""

    def make(original: Any) -> Any:
        def draw(*args: Any, **named: Any) -> Any:
            fence = inside()
            does = original if fence is None else getattr(fence.chance, name)
            return does(*args, **named)

        return draw

    return make


def _refusing(call: str, instead: str) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        def do(*args: Any, **named: Any) -> Any:
            fence = inside()
            return original(*args, **named) if fence is None else fence.refuse(call, instead)

        return do

    return make


def _completing(original: Any) -> Any:
    """`as_completed` in the order given: it makes tasks in the order of a set, by addresses."""

    def as_completed(fs: Any, *, timeout: float | None = None) -> Any:
        if inside() is not None:
            fs = [asyncio.ensure_future(each) for each in dict.fromkeys(fs)]
        return original(fs, timeout=timeout)

    return as_completed


_SLEEP = "Write `await asyncio.sleep(...)`: it takes no time, and the network's clock moves."
_RANDOM = [
    name for name, value in vars(random).items() if getattr(value, "__self__", None) is random._inst
]

_REPLACED: list[tuple[Any, str, Callable[[Any], Any]]] = [
    (time, "time", _telling(lambda fence: fence.now)),
    (time, "time_ns", _telling(lambda fence: fence.now_nanoseconds)),
    (time, "monotonic", _telling(lambda fence: fence.monotonic_nanoseconds / NANOSECONDS)),
    (time, "monotonic_ns", _telling(lambda fence: fence.monotonic_nanoseconds)),
    (time, "localtime", _converting),
    (time, "gmtime", _converting),
    (time, "ctime", _converting),
    (time, "asctime", _formatting(0)),
    (time, "strftime", _formatting(1)),
    (time, "sleep", _refusing("time.sleep", _SLEEP)),
    (os, "urandom", _drawing),
    (random, "_urandom", _drawing),  # of `secrets` and `SystemRandom`
    (os, "system", _refusing("os.system", OUTSIDE)),
    (os, "fork", _refusing("os.fork", OUTSIDE)),
    (os, "posix_spawn", _refusing("os.posix_spawn", OUTSIDE)),
    (subprocess.Popen, "__init__", _refusing("subprocess.Popen", OUTSIDE)),
    (threading.Thread, "start", _refusing("threading.Thread.start", OUTSIDE)),
    (socket.socket, "connect", _refusing("socket.connect", OUTSIDE)),
    (socket.socket, "connect_ex", _refusing("socket.connect_ex", OUTSIDE)),
    (socket.socket, "sendto", _refusing("socket.sendto", OUTSIDE)),
    (socket, "getaddrinfo", _refusing("socket.getaddrinfo", OUTSIDE)),
    (asyncio, "as_completed", _completing),
    (asyncio.tasks, "as_completed", _completing),
    *((random, name, _repeating(name)) for name in _RANDOM),
]


def _swap(modules: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], str, Any]]:
    """Replace the functions that handler modules have imported by name; return what was there."""
    swapped = [
        (names, name, value)
        for names in modules
        for name, value in names.items()
        if id(value) in _virtual
    ]
    for names, name, value in swapped:
        names[name] = _virtual[id(value)]
    return swapped
