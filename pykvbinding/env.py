"""Env, the object on which a handler finds its bindings and variables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pykvbinding.account import Account
from pykvbinding.clock import Clock
from pykvbinding.limits import Limits

if TYPE_CHECKING:
    from pykvbinding.wrangler.config import AnyPath, KVBinding


class Env:
    """What a handler gets as `env`: an attribute per binding and per variable.

    >>> from pykvbinding import KVNamespace
    >>> env = Env(KV=KVNamespace(), TOKEN="secret")
    >>> env.TOKEN, "KV" in env, list(env), getattr(env, "PLANS", None)
    ('secret', True, ['KV', 'TOKEN'], None)

    A test may set, replace and delete attributes. Nothing but bindings stands among them, so that
    every name is free: `bindings_of(env)` and `account_of(env)` are functions for that reason.
    """

    __slots__ = ("__account", "__dict__")

    if TYPE_CHECKING:
        # Any, because the attributes of an env are known to the handler only: where it declares
        # them by a Protocol, a type checker accepts `Env(KV=kv)`.
        def __new__(cls, /, **bindings: Any) -> Any: ...  # noqa: D102

    def __init__(self, /, **bindings: Any) -> None:
        self.__account: Account | None = None
        vars(self).update(bindings)

    @classmethod
    def from_wrangler(
        cls,
        path: "AnyPath",
        *,
        env: str | None = None,
        preview: bool = False,
        account: Account | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> "Env":
        """The env of a wrangler file (or of its directory), for one of its environments.

        A KVNamespace for each of `kv_namespaces`, over the namespace of its id in `account`, which
        is made where it is new: bindings of one id share data. `vars` become attributes; JSON
        objects among them are JsDict. `preview=True` takes `preview_id` before `id`, as
        `wrangler dev` does. Without an account, a new one on `clock` and within `limits` is made.

        Warns and raises as `read_wrangler`. Raises: TypeError for clock or limits beside account.
        """
        from pykvbinding.wrangler.config import (
            read_wrangler,  # not at the top: most tests read no file
        )

        if account is None:
            account = Account(clock=clock, limits=limits)
        elif clock is not None or limits is not None:
            raise TypeError(
                "Env.from_wrangler(account=…) beside clock or limits: an account has its own. "
                "Write account=Account(clock=…, limits=…)"
            )
        config = read_wrangler(path, env=env, preview=preview)
        return cls._over(account, config.vars, config.kv_namespaces)

    @classmethod
    def _over(
        cls, account: Account, variables: Mapping[str, Any], namespaces: "Iterable[KVBinding]"
    ) -> "Env":
        """An env of that account, with its namespaces bound."""
        made = cls(**variables)
        for item in namespaces:
            namespace = account.get_or_create_namespace(item.binding, item.id)
            vars(made)[item.binding] = account.binding(id=namespace.id)
        made.__account = account
        return made

    def __getattr__(self, name: str) -> Any:
        """Reached for what is absent.

        Raises: AttributeError that lists what is there.
        """
        from difflib import get_close_matches  # not at the top: only an absent name needs it

        names = list(vars(self))
        folded = {present.casefold(): present for present in names}
        near = get_close_matches(name.casefold(), list(folded), n=1)
        shown = ", ".join(names) or "nothing"
        hint = f" Did you mean env.{folded[near[0]]}?" if near else ""
        # With `name`, Python adds no suggestion of its own to ours.
        raise AttributeError(f"env has no {name!r}; it has {shown}.{hint}", name=name)

    if TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None: ...
        def __delattr__(self, name: str) -> None: ...

    def __contains__(self, name: object) -> bool:
        return name in vars(self)

    def __iter__(self) -> Iterator[str]:
        return iter(list(vars(self)))

    def __repr__(self) -> str:
        return f"Env({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


def bindings_of(env: Env) -> dict[str, Any]:
    """Every binding and variable of `env` by its name, in order; a copy."""
    return dict(vars(env))


def account_of(env: Env) -> Account | None:
    """The account behind an env that was read from a wrangler file; None for one made by hand."""
    account: Account | None = env._Env__account
    return account


def env_of(
    account: Account, variables: Mapping[str, Any], namespaces: "Iterable[KVBinding]"
) -> Env:
    """The env with these variables, and with these namespaces of an account."""
    return Env._over(account, variables, namespaces)
