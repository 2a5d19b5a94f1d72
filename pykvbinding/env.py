"""Env, the object with the bindings and variables of a handler."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pykvbinding.account import Account
from pykvbinding.clock import Clock
from pykvbinding.limits import Limits

if TYPE_CHECKING:
    from pykvbinding.wrangler.config import AnyPath, KVBinding


class Env:
    """The `env` argument of a handler: it has an attribute per binding and per variable.

    >>> from pykvbinding import KVNamespace
    >>> env = Env(KV=KVNamespace(), TOKEN="secret")
    >>> env.TOKEN, "KV" in env, list(env), getattr(env, "PLANS", None)
    ('secret', True, ['KV', 'TOKEN'], None)

    A test may set, replace and delete attributes. There are no other public attributes, so that
    every name is available: `get_bindings(env)` and `get_account(env)` are therefore functions.
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
        """Return the env of a wrangler file (or of its directory), for one of its environments.

        Each item of `kv_namespaces` becomes a KVNamespace of the namespace with its id in
        `account`, which is created if needed: bindings with one id share data. Each item of `vars`
        becomes an attribute, a JSON object a JsDict. `preview=True` prefers `preview_id` to `id`,
        like `wrangler dev`. Without `account`, a new one with `clock` and `limits` is created.

        Warns and raises like `read_wrangler`. Raises: TypeError if `clock` or `limits` is passed
        together with `account`.
        """
        # Late import: most tests read no file.
        from pykvbinding.wrangler.config import read_wrangler

        if account is None:
            account = Account(clock=clock, limits=limits)
        elif clock is not None or limits is not None:
            raise TypeError(
                "Env.from_wrangler() takes either account= or clock= and limits=. "
                "Write account=Account(clock=…, limits=…)"
            )
        config = read_wrangler(path, env=env, preview=preview)
        return cls._from_account(account, config.vars, config.kv_namespaces)

    @classmethod
    def _from_account(
        cls, account: Account, variables: Mapping[str, Any], namespaces: "Iterable[KVBinding]"
    ) -> "Env":
        """Return the env with these variables and bindings to these namespaces of the account."""
        env = cls(**variables)
        for item in namespaces:
            namespace = account.get_or_create_namespace(item.binding, item.id)
            vars(env)[item.binding] = account.binding(id=namespace.id)
        env.__account = account
        return env

    def __getattr__(self, name: str) -> Any:
        """Called for a missing attribute.

        Raises: AttributeError that lists the existing attributes.
        """
        from difflib import get_close_matches  # late import: only errors need it

        names = list(vars(self))
        names_by_casefold = {existing.casefold(): existing for existing in names}
        matches = get_close_matches(name.casefold(), list(names_by_casefold), n=1)
        existing_names = ", ".join(names) or "nothing"
        hint = f" Did you mean env.{names_by_casefold[matches[0]]}?" if matches else ""
        # With `name`, Python does not append its own suggestion.
        raise AttributeError(f"env has no {name!r}; it has {existing_names}.{hint}", name=name)

    if TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None: ...
        def __delattr__(self, name: str) -> None: ...

    def __contains__(self, name: object) -> bool:
        return name in vars(self)

    def __iter__(self) -> Iterator[str]:
        return iter(list(vars(self)))

    def __repr__(self) -> str:
        return f"Env({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


def get_bindings(env: Env) -> dict[str, Any]:
    """Return a new dict of the bindings and variables of `env` by name, in order."""
    return dict(vars(env))


def get_account(env: Env) -> Account | None:
    """Return the account of an env that was created from a wrangler file, else `None`."""
    account: Account | None = env._Env__account
    return account
