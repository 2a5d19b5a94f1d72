"""The account: its namespaces, which share a clock, limits and layers, and their bindings."""

from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from weakref import WeakKeyDictionary

from pykvbinding.choices import ChoiceSource, SeededChoice
from pykvbinding.clock import Clock, SystemClock
from pykvbinding.kv.binding import KVNamespace, bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.limits import Limits
from pykvbinding.middleware.billing import Bill, bill
from pykvbinding.middleware.chain import Layer, build_chain
from pykvbinding.middleware.faults import Fault, Faults
from pykvbinding.middleware.history import History
from pykvbinding.middleware.metrics import Metrics
from pykvbinding.middleware.quota import InvocationQuota, Quota
from pykvbinding.middleware.rate_limit import WriteRateLimiter
from pykvbinding.middleware.versions import VersionLog
from pykvbinding.storage.store import Store

DEFAULT_HISTORY = 10_000
"""The number of operations that `history=True` keeps."""

MAX_TITLE_CHARACTERS = 512

DEFAULT_LIMITS = Limits()
"""The limits of an account without `limits`; created once, because their validation takes time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingConfig:
    """The location of a binding, and the layers that a network adds to its store chain.

    `edge` is the layer between the location and the central stores, `central` a policy of the
    central stores. `limits_writes` is false if the edge layer enforces the write rate. If
    `records_versions` is false, the version log does not record the operations of the binding.
    """

    location: str | None = None
    edge: Layer | None = None
    central: Layer | None = None
    limits_writes: bool = True
    records_versions: bool = True


PLAIN_BINDING = BindingConfig()
"""The configuration of a binding without a network."""


@dataclass(slots=True)
class _NamespaceEntry:
    """One namespace with its bindings and the state that they share."""

    namespace: Namespace
    version_log: VersionLog
    rate_limiter: WriteRateLimiter | None
    bindings: WeakKeyDictionary[KVNamespace, BindingConfig] = field(
        default_factory=WeakKeyDictionary
    )


class Account:
    """Namespaces that share a clock and limits, like one account of the platform.

    >>> account = Account(limits=Limits.free())
    >>> sessions = account.binding("SESSIONS")
    >>> account.namespaces
    (<Namespace 'SESSIONS': 0 keys>,)

    `history` and `metrics` enable these observers: `history=True` keeps the last 10,000 operations,
    a number that many. `faults` are rules that make operations fail; use
    `account.faults.add(Fault(...))` to add rules later. All randomness derives from `seed`.
    Two accounts share nothing.

    Raises: ValueError if `limits`, `history` or `seed` is invalid.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
        history: bool | int = False,
        metrics: bool = False,
        faults: Iterable[Fault] = (),
        seed: int = 0,
    ) -> None:
        if limits is not None and not isinstance(limits, Limits):
            raise ValueError(f"Account(limits={limits!r}): pass Limits(...)")
        if type(seed) is not int or seed < 0:
            raise ValueError(f"Account(seed={seed!r}): pass a whole number, 0 or more")
        if not isinstance(history, int) or history < 0:
            raise ValueError(f"Account(history={history!r}): pass True or a number of operations")
        self.clock: SystemClock | Clock = SystemClock() if clock is None else clock
        self.limits: Limits = DEFAULT_LIMITS if limits is None else limits
        self.choice: ChoiceSource = SeededChoice(seed)
        max_operations = DEFAULT_HISTORY if history is True else history
        self.history: History | None = (
            History(self.clock, max_operations) if max_operations else None
        )
        self.metrics: Metrics | None = Metrics(self.clock) if metrics else None
        self.quota: Quota = Quota(self.limits, self.clock)
        self.faults: Faults = Faults(
            faults, self.choice, self.clock, on_change=self._rebuild_chains
        )
        self._writes_per_second = self.limits.write_rate()
        self._entries: dict[str, _NamespaceEntry] = {}
        self._ids: dict[str, str] = {}
        self._uses: Counter[str] = Counter()
        self._counts_invocations = False

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """All namespaces, sorted by title."""
        namespaces = (entry.namespace for entry in self._entries.values())
        return tuple(sorted(namespaces, key=lambda namespace: namespace.title))

    def create_namespace(self, title: str, *, id: str | None = None) -> Namespace:
        """Create a namespace. The default `id` is 32 hexadecimal digits derived from the title.

        If a title is reused after its namespace was deleted, the derived id is different.

        Raises: ValueError if the title or the id is in use, if the title is empty or longer than
        512 characters, if the id is empty, or if the account has the maximum number of namespaces.
        """
        if not isinstance(title, str) or not 0 < len(title) <= MAX_TITLE_CHARACTERS:
            raise ValueError(f"a title must be a str of 1 to 512 characters, not {title!r}")
        if title in self._ids:
            raise ValueError(
                f"a namespace with this account ID and title already exists: {title!r}. "
                f"Use account.binding({title!r}), or another title"
            )
        maximum = self.limits.max_namespaces
        if maximum is not None and len(self._entries) >= maximum:
            raise ValueError(
                f"an account has at most {maximum} namespaces; delete one, "
                "or write Limits(max_namespaces=...)"
            )
        namespace_id = _make_id(self._uses[title], title) if id is None else id
        if not isinstance(namespace_id, str) or not namespace_id:
            raise ValueError(
                f"an id must be a non-empty str, not {namespace_id!r}; omit it to get a derived id"
            )
        if namespace_id in self._entries:
            raise ValueError(
                f"the id {namespace_id!r} belongs to another namespace of this account; "
                "pass another one"
            )
        namespace = Namespace(title=title, id=namespace_id, clock=self.clock, limits=self.limits)
        per_second = self._writes_per_second
        limiter = None if per_second is None else WriteRateLimiter(per_second, self.clock)
        version_log = VersionLog(namespace.store.engine, self.clock)
        self._entries[namespace_id] = _NamespaceEntry(namespace, version_log, limiter)
        self._ids[title] = namespace_id
        self._uses[title] += 1
        self.quota.track(namespace)
        return namespace

    def namespace(self, title_or_id: str) -> Namespace:
        """Return the namespace with that title or id.

        Raises: LookupError that lists the existing namespaces.
        """
        return self._require(title_or_id).namespace

    def get_or_create_namespace(self, binding: str, id: str) -> Namespace:
        """Return the namespace of an id in a wrangler file; create it if the id is new.

        A wrangler file has no titles, so the title is the name of the binding, or the id if that
        title is in use, for example by the same binding of another environment.
        """
        if id not in self._entries:
            self.create_namespace(id if binding in self._ids else binding, id=id)
        return self._entries[id].namespace

    def delete_namespace(self, title_or_id: str) -> None:
        """Delete a namespace and its keys.

        Raises: LookupError if it does not exist, ValueError while a binding to it exists.
        """
        entry = self._require(title_or_id)
        count = len(entry.bindings)
        if count:
            bindings = "1 binding" if count == 1 else f"{count} bindings"
            raise ValueError(
                f"the namespace {entry.namespace.title!r} still has {bindings}; drop all "
                "references to them (del kv, del env) before delete_namespace, "
                "or use kv.namespace.clear()"
            )
        del self._entries[entry.namespace.id]
        del self._ids[entry.namespace.title]
        self.quota.untrack(entry.namespace)

    def binding(self, title: str | None = None, *, id: str | None = None) -> KVNamespace:
        """Return a binding to the namespace with that title; create the namespace if needed.

        With `id` the namespace must exist. Bindings to one namespace share its data.

        Raises: LookupError for an unknown id.
        """
        if id is not None or title is None:
            return self._bind_with(id, PLAIN_BINDING)
        if not isinstance(title, str) or title not in self._ids:
            self.create_namespace(title)
        return self._bind_with(self._ids[title], PLAIN_BINDING)

    def _bind_with(self, title_or_id: object, config: BindingConfig) -> KVNamespace:
        """Return a binding with the layers of a network."""
        entry = self._require(title_or_id)
        kv = bind(entry.namespace, self._build_chain(entry, config))
        entry.bindings[kv] = config
        return kv

    def write_rate_limiter(self, title_or_id: str) -> WriteRateLimiter | None:
        """Return the write rate limiter of a namespace, `None` without a write rate."""
        return self._require(title_or_id).rate_limiter

    def version_log(self, title_or_id: str) -> VersionLog:
        """Return the version log of a namespace, which the bindings with a version layer fill."""
        return self._require(title_or_id).version_log

    def invocation(self) -> AbstractAsyncContextManager[InvocationQuota]:
        """Count the operations of one Worker invocation: `async with account.invocation(): …`.

        Operations within it raise KVError, "Too many API requests by single Worker invocation. …".
        """
        if not self._counts_invocations:
            self._counts_invocations = True
            self._rebuild_chains()
        return self.quota.invocation()

    def bill(self, plan: str = "paid", month: str | None = None) -> Bill:
        """Return the cost of the operations of a month; requires `metrics`."""
        if self.metrics is None:
            raise ValueError("bill() needs metrics; write Account(metrics=True)")
        return bill(self.metrics, plan, self.quota.stored_bytes(), month=month)

    def _rebuild_chains(self) -> None:
        """Rebuild the chain of every binding after a layer was switched on or off."""
        for entry in self._entries.values():
            for kv, config in entry.bindings.items():
                kv._attach(entry.namespace, self._build_chain(entry, config))

    def _build_chain(self, entry: _NamespaceEntry, config: BindingConfig) -> Store:
        """Return the chain of one binding; see `build_chain` for the order of the layers."""
        counts = self._counts_invocations or self.quota.is_limited
        shows_versions = self.history is not None or config.edge is not None
        return build_chain(
            entry.namespace,
            location=config.location,
            history=self.history,
            metrics=self.metrics,
            quota=self.quota if counts else None,
            faults=self.faults,
            edge=config.edge,
            rate_limiter=entry.rate_limiter if config.limits_writes else None,
            central=config.central,
            versions=entry.version_log if shows_versions and config.records_versions else None,
        )

    def _get(self, title_or_id: object) -> _NamespaceEntry | None:
        """Return the entry by id, then by title: an id can equal the title of another namespace."""
        if not isinstance(title_or_id, str):
            return None
        entries = self._entries
        return entries.get(title_or_id) or entries.get(self._ids.get(title_or_id, ""))

    def _require(self, title_or_id: object) -> _NamespaceEntry:
        entry = self._get(title_or_id)
        if entry is None:
            titles = ", ".join(repr(namespace.title) for namespace in self.namespaces)
            existing = f"there are {titles}" if titles else "there are none yet"
            raise LookupError(
                f"no namespace has the title or id {title_or_id!r}; {existing}. "
                "account.create_namespace(title) creates one"
            )
        return entry

    def __repr__(self) -> str:
        count = len(self._entries)
        return f"<Account: {count} namespace{'' if count == 1 else 's'}>"


def _make_id(number: int, title: str) -> str:
    """Return 32 hexadecimal digits, like the platform's ids, that depend on both arguments."""
    return sha256(f"{number} {title}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
