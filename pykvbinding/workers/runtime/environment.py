"""Where a Worker runs: an env for each location, its Durable Objects, and what it has sent."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from pykvbinding.account import Account
from pykvbinding.clock import Clock, SystemClock
from pykvbinding.env import Env, account_of, bindings_of, env_of
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.limits import Limits
from pykvbinding.workers.runtime.cf import DEFAULT_LOCATION
from pykvbinding.wrangler.config import KVBinding, WranglerConfig

if TYPE_CHECKING:
    from pykvbinding.network.network import Network
    from pykvbinding.workers.bindings.object_ids import DurableObjectId
    from pykvbinding.workers.bindings.object_instances import ObjectHost, Objects
    from pykvbinding.workers.bindings.queues import Sent


class World:
    """One env, or one network with an env in each location, as one Worker sees it.

    What the wrangler file binds beside KV is put onto the env, unless it has something of that
    name; and so is `more`, whatever it has. `host` is the Worker, which runs its Durable Objects.
    """

    def __init__(
        self,
        base: "Env | Network",
        config: WranglerConfig | None,
        more: Mapping[str, Any],
        host: "ObjectHost",
    ) -> None:
        self.network: Network | None = None if isinstance(base, Env) else base
        self.account: Account | None = account_of(base) if isinstance(base, Env) else base.account
        self.more = more
        self.sent: list[Sent] = []
        self._host = host
        self._objects: Objects | None = None
        self._config = config
        self._extra = {} if config is None else dict(self._bound(config))
        self._envs: dict[str | None, Env] = {}
        self._by_base: dict[int, tuple[Env, Env]] = {}
        self.invocation: Callable[[], AbstractAsyncContextManager[Any]] | None = _invocation(
            self.account
        )
        if self.network is None:
            assert isinstance(base, Env)
            self._envs[None] = self.over(base)
        else:
            self._check_bindings(self.network)

    @property
    def objects(self) -> "Objects":
        """The Durable Objects."""
        if self._objects is None:
            from pykvbinding.workers.bindings.object_instances import Objects

            self._objects = Objects(self._host)
        return self._objects

    def forget_objects(self) -> None:
        """Have objects made anew, of what they have stored."""
        if self._objects is not None:
            self._objects.forget()

    @property
    def clock(self) -> Clock:
        """The clock of the account, else of some namespace, else of the system."""
        if self.account is not None:
            return self.account.clock
        for value in bindings_of(self.env(None)).values():
            if isinstance(value, KVNamespace):
                return value.namespace.clock
        return SystemClock()

    def env(self, at: str | None) -> Env:
        """The env of a location: the first one of a network, if none is named.

        Raises: ValueError for a location without a network, LookupError for one it does not have.
        """
        env = self._envs.get(at)
        if env is None:
            if self.network is None:
                raise ValueError(
                    f"at={at!r}: this Worker runs in no network. "
                    'Write worker.on(EdgeNetwork("LHR", "NRT", bindings=worker.env)) first'
                )
            env = self._envs[at] = self.over(self.network.env(self.arrival(at)))
        return env

    def arrival(self, at: str | None) -> str:
        """The location where a request arrives: `at`, or by default the first of the network."""
        if at is not None:
            return at
        return DEFAULT_LOCATION if self.network is None else self.network.locations[0]

    def location(self, base: Env) -> str | None:
        """The location of an env of the network."""
        network = self.network
        if network is None:
            return None
        return next((each for each in network.locations if network.env(each) is base), None)

    def over(self, base: Env) -> Env:
        """The env of this world over an env of the network, or over the one that was given."""
        known = self._by_base.get(id(base))
        if known is None:
            known = self._by_base[id(base)] = base, self._complete(base)
        return known[1]

    def _complete(self, base: Env) -> Env:
        if not self._extra and not self.more:
            return base
        env = base if self.network is None else Env(**bindings_of(base))
        own = vars(env)
        for name, value in self._extra.items():
            if name not in own or _is_of_a_worker(own[name]):
                own[name] = value
        own.update(self.more)
        return env

    def _bound(self, config: WranglerConfig) -> Iterator[tuple[str, Any]]:
        """What the file binds, apart from KV, with its names."""
        yield from config.vars.items()
        if not (config.durable_objects or config.queues or config.other_bindings):
            return
        from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace
        from pykvbinding.workers.bindings.queues import WorkerQueue
        from pykvbinding.workers.bindings.unsupported import Absent

        for each in config.durable_objects:
            if each.script_name is None:
                yield each.name, DurableObjectNamespace(self.objects, each.name, each.class_name)
            else:
                what = f"a Durable Object of the Worker {each.script_name!r}"
                yield each.name, Absent(each.name, what)
        for producer in config.queues:
            yield producer.binding, WorkerQueue(producer.binding, producer.queue, self.sent)
        for other in config.other_bindings:
            yield other.name, Absent(other.name, other.kind)

    async def as_external_effect(self, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Return `await call()`; in a handler under a schedule, when its turn has come.

        Objects keep state between the operations of their callers, so no two of these can be
        swapped without looking: a search tries every order.
        """
        if self.network is None:
            return await call()
        from pykvbinding.sim.run.invocation import CURRENT as SIMULATED

        if SIMULATED.get() is None:
            return await call()
        from pykvbinding.network.edge_network import EdgeNetwork

        assert isinstance(self.network, EdgeNetwork)
        self.network.shared()
        call.__name__ = name
        return await self.network.external(call)()

    def find_object(self, binding: str, name: str) -> "tuple[str, DurableObjectId]":
        """The class and the id of an object by its binding, and its name or the digits of its id.

        Raises: LookupError for no binding of Durable Objects.
        """
        from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace, find

        env = bindings_of(self.env(None))
        namespace = env.get(binding)
        if not isinstance(namespace, DurableObjectNamespace):
            known = [each for each, v in env.items() if isinstance(v, DurableObjectNamespace)]
            hint = f"there are {', '.join(map(repr, known))}" if known else "there are none"
            raise LookupError(f"no Durable Objects are bound as {binding!r}; {hint}")
        return find(namespace, name)

    def _check_bindings(self, network: "Network") -> None:
        """A network has to have the namespaces that the file binds.

        Raises: ValueError that says how.
        """
        if self._config is None:
            return
        there = network.env(network.locations[0])
        names = [each.binding for each in self._config.kv_namespaces]
        lacking = [name for name in names if name not in there and name not in self.more]
        if lacking:
            required = ", ".join(map(repr, names))
            raise ValueError(
                f"the network has no binding {', '.join(map(repr, lacking))}, which the Worker's "
                f"wrangler file has. Make it with EdgeNetwork(…, bindings=[{required}]), or with "
                "bindings=worker.env"
            )


def _is_of_a_worker(value: object) -> bool:
    """Whether another Worker on the same env has put it there."""
    return getattr(value, "is_of_a_worker", False) is True


def _invocation(
    account: Account | None,
) -> Callable[[], AbstractAsyncContextManager[Any]] | None:
    """How an invocation is counted; None where there is no limit to its operations."""
    if account is None or account.limits.max_operations_per_invocation is None:
        return None
    account.invocation()  # from now on its bindings count
    return account.invocation


def base_of(
    config: WranglerConfig | None,
    env: str | Env | None,
    network: "Network | None",
    account: Account | None,
    clock: Clock | None,
    limits: Limits | None,
) -> "Env | Network":
    """Where the Worker is to run.

    Raises: TypeError for two places at once.
    """
    given = {"network": network, "env": env if isinstance(env, Env) else None, "account": account}
    places = [name for name, value in given.items() if value is not None]
    settings = {"clock": clock, "limits": limits}
    others = places[1:] + [name for name, value in settings.items() if value is not None]
    if places and others:
        raise TypeError(
            f"Worker.load({places[0]}=…, {others[0]}=…): {places[0]} has its own. "
            f"Give {others[0]} to what you make it of"
        )
    if network is not None:
        return network
    if isinstance(env, Env):
        return env
    account = Account(clock=clock, limits=limits) if account is None else account
    if config is None:
        return env_of(account, {}, [KVBinding(binding="KV", id="KV")])
    return env_of(account, config.vars, config.kv_namespaces)
