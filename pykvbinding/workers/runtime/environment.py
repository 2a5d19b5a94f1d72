"""The environment of a Worker: an env per location, Durable Objects, sent messages."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from pykvbinding.account import Account
from pykvbinding.clock import Clock, SystemClock
from pykvbinding.env import Env, get_account, get_bindings
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.limits import Limits
from pykvbinding.workers.runtime.cf import DEFAULT_LOCATION
from pykvbinding.wrangler.config import KVBinding, WranglerConfig

if TYPE_CHECKING:
    from pykvbinding.network.network import Network
    from pykvbinding.workers.bindings.object_ids import DurableObjectId
    from pykvbinding.workers.bindings.object_instances import DurableObjectInstances, ObjectHost
    from pykvbinding.workers.bindings.queues import SentMessage


class WorkerEnvironment:
    """One env, or a network with an env in each location, as one Worker uses it.

    The bindings of the wrangler file other than KV are added to the env, except for names that the
    env already has. `overrides` are added in any case. `host` is the Worker, which runs its Durable
    Objects.
    """

    def __init__(
        self,
        base: "Env | Network",
        config: WranglerConfig | None,
        overrides: Mapping[str, Any],
        host: "ObjectHost",
    ) -> None:
        self.network = None if isinstance(base, Env) else base
        self.account = get_account(base) if isinstance(base, Env) else base.account
        self.overrides = overrides
        self.sent_messages: list[SentMessage] = []
        self._host = host
        self._objects: DurableObjectInstances | None = None
        self._config = config
        self._config_bindings = {} if config is None else dict(self._configured_bindings(config))
        self._envs: dict[str | None, Env] = {}
        self._envs_by_base: dict[int, tuple[Env, Env]] = {}
        self.invocation = _invocation_counter(self.account)
        if self.network is None:
            assert isinstance(base, Env)
            self._envs[None] = self.env_over(base)
        else:
            self._check_bindings(self.network)

    @property
    def objects(self) -> "DurableObjectInstances":
        """The Durable Objects."""
        if self._objects is None:
            from pykvbinding.workers.bindings.object_instances import DurableObjectInstances

            self._objects = DurableObjectInstances(self._host)
        return self._objects

    def forget_objects(self) -> None:
        """Discard the instances of objects; new ones use the stored data."""
        if self._objects is not None:
            self._objects.forget()

    @property
    def clock(self) -> Clock:
        """The clock of the account, or else of a namespace, or else the system clock."""
        if self.account is not None:
            return self.account.clock
        for value in get_bindings(self.env(None)).values():
            if isinstance(value, KVNamespace):
                return value.namespace.clock
        return SystemClock()

    def env(self, at: str | None) -> Env:
        """Return the env of a location; by default of the first location of the network.

        Raises: ValueError if `at` is set without a network, LookupError for an unknown location.
        """
        env = self._envs.get(at)
        if env is None:
            if self.network is None:
                raise ValueError(
                    f"at={at!r}: this Worker does not run in a network. "
                    'Call worker.in_network(EdgeNetwork("LHR", "NRT", bindings=worker.env)) first'
                )
            env = self._envs[at] = self.env_over(self.network.env(self.arrival(at)))
        return env

    def arrival(self, at: str | None) -> str:
        """Return the location where a request arrives: `at`, or the first of the network."""
        if at is not None:
            return at
        return DEFAULT_LOCATION if self.network is None else self.network.locations[0]

    def location(self, base: Env) -> str | None:
        """Return the location to which an env of the network belongs."""
        network = self.network
        if network is None:
            return None
        return next(
            (location for location in network.locations if network.env(location) is base), None
        )

    def env_over(self, base: Env) -> Env:
        """Return the Worker's env for `base`, an env of the network or the given env."""
        entry = self._envs_by_base.get(id(base))
        if entry is None:
            entry = self._envs_by_base[id(base)] = base, self._with_bindings(base)
        return entry[1]

    def _with_bindings(self, base: Env) -> Env:
        if not self._config_bindings and not self.overrides:
            return base
        env = base if self.network is None else Env(**get_bindings(base))
        own = vars(env)
        for name, value in self._config_bindings.items():
            if name not in own or _is_worker_binding(own[name]):
                own[name] = value
        own.update(self.overrides)
        return env

    def _configured_bindings(self, config: WranglerConfig) -> Iterator[tuple[str, Any]]:
        """Yield name and value of the file's bindings other than KV."""
        yield from config.vars.items()
        if not (config.durable_objects or config.queues or config.other_bindings):
            return
        from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace
        from pykvbinding.workers.bindings.queues import WorkerQueue
        from pykvbinding.workers.bindings.unsupported import UnsupportedBindingStub

        for item in config.durable_objects:
            if item.script_name is None:
                yield item.name, DurableObjectNamespace(self.objects, item.name, item.class_name)
            else:
                description = f"a Durable Object of the Worker {item.script_name!r}"
                yield item.name, UnsupportedBindingStub(item.name, description)
        for producer in config.queues:
            yield (
                producer.binding,
                WorkerQueue(producer.binding, producer.queue, self.sent_messages),
            )
        for other in config.other_bindings:
            yield other.name, UnsupportedBindingStub(other.name, other.kind)

    async def run_as_external_effect(self, call: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Return `await call()`; in a simulated handler, the scheduler chooses when it runs.

        Objects keep state between the operations of their callers, so no two calls are independent:
        a search explores every order.
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
        return await self.network.external_effect(call)()

    def find_object(self, binding: str, name: str) -> "tuple[str, DurableObjectId]":
        """Return the class and the id of the object that a binding has for a name or for an id.

        Raises: LookupError if `binding` is not a binding of Durable Objects.
        """
        from pykvbinding.workers.bindings.durable_objects import DurableObjectNamespace, resolve_id

        env = get_bindings(self.env(None))
        namespace = env.get(binding)
        if not isinstance(namespace, DurableObjectNamespace):
            names = [key for key, value in env.items() if isinstance(value, DurableObjectNamespace)]
            hint = f"there are {', '.join(map(repr, names))}" if names else "there are none"
            raise LookupError(f"no Durable Objects are bound as {binding!r}; {hint}")
        return resolve_id(namespace, name)

    def _check_bindings(self, network: "Network") -> None:
        """Check that a network has the namespaces that the file binds.

        Raises: ValueError, "the network has no binding …"
        """
        if self._config is None:
            return
        env = network.env(network.locations[0])
        names = [item.binding for item in self._config.kv_namespaces]
        missing = [name for name in names if name not in env and name not in self.overrides]
        if missing:
            required = ", ".join(map(repr, names))
            raise ValueError(
                f"the network has no binding {', '.join(map(repr, missing))}, which the Worker's "
                f"wrangler file has. Create it with EdgeNetwork(…, bindings=[{required}]), or with "
                "bindings=worker.env"
            )


def _is_worker_binding(value: object) -> bool:
    """Return whether another Worker added this value to the env."""
    return getattr(value, "is_worker_binding", False) is True


def _invocation_counter(
    account: Account | None,
) -> Callable[[], AbstractAsyncContextManager[Any]] | None:
    """Return a context manager that counts operations; None if they are not limited."""
    if account is None or account.limits.max_operations_per_invocation is None:
        return None
    account.invocation()  # enables counting for the bindings of the account
    return account.invocation


def select_base(
    config: WranglerConfig | None,
    env: str | Env | None,
    network: "Network | None",
    account: Account | None,
    clock: Clock | None,
    limits: Limits | None,
) -> "Env | Network":
    """Return the env or the network in which the Worker runs.

    Raises: TypeError for more than one of `network`, `env` and `account`, or a redundant setting.
    """
    candidates = {
        "network": network,
        "env": env if isinstance(env, Env) else None,
        "account": account,
    }
    bases = [name for name, value in candidates.items() if value is not None]
    account_settings = {"clock": clock, "limits": limits}
    conflicts = bases[1:] + [name for name, value in account_settings.items() if value is not None]
    if bases and conflicts:
        raise TypeError(
            f"Worker.load({bases[0]}=…, {conflicts[0]}=…): {bases[0]} has its own "
            f"{conflicts[0]}; pass it where you create the {bases[0]}"
        )
    if network is not None:
        return network
    if isinstance(env, Env):
        return env
    account = Account(clock=clock, limits=limits) if account is None else account
    if config is None:
        return Env._from_account(account, {}, [KVBinding(binding="KV", id="KV")])
    return Env._from_account(account, config.vars, config.kv_namespaces)
