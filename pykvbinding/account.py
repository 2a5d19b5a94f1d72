"""The account: namespaces that share a clock, limits and layers, and the bindings to them."""

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
from pykvbinding.middleware.quota import Invocation, Quota
from pykvbinding.middleware.rate_limit import WriteRate
from pykvbinding.middleware.versions import Ledger
from pykvbinding.storage.store import Store

DEFAULT_HISTORY = 10_000
"""Operations that `history=True` remembers."""

MAX_TITLE_CHARACTERS = 512

DEFAULT_LIMITS = Limits()
"""The limits of an account without `limits`; made once, because their validation takes a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingConfig:
    """Where a binding is, and the layers that a network adds to its chain.

    `edge` is between the location and the central stores, `central` is a policy of the central
    stores. `limits_writes` is off where the edge enforces the write rate itself. Without
    `records_versions`, no operation of the binding is added to the versions of its key.
    """

    location: str | None = None
    edge: Layer | None = None
    central: Layer | None = None
    limits_writes: bool = True
    records_versions: bool = True


PLAIN_BINDING = BindingConfig()
"""A binding without a network."""


@dataclass(slots=True)
class _NamespaceEntry:
    """One namespace with what its bindings share."""

    namespace: Namespace
    ledger: Ledger
    write_rate: WriteRate | None
    bindings: WeakKeyDictionary[KVNamespace, BindingConfig] = field(
        default_factory=WeakKeyDictionary
    )


class Account:
    """Namespaces that share a clock and limits, as one account of the platform.

    >>> account = Account(limits=Limits.free())
    >>> sessions = account.binding("SESSIONS")
    >>> account.namespaces
    (<Namespace 'SESSIONS': 0 keys>,)

    `history` and `metrics` switch on what they are named after: `history=True` remembers the last
    10,000 operations, a number as many. `faults` are rules that make operations fail; more can be
    put in force later, by `account.faults.add(Fault(...))`. What is left to chance comes from
    `seed`. Two accounts share nothing.

    `usual_writes_per_second` is the limit of writes of a key where `limits` say nothing of it:
    none, but one in a simulated network.

    Raises: ValueError for limits, a history or a seed that are none.
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
        usual_writes_per_second: int | None = None,
    ) -> None:
        if limits is not None and not isinstance(limits, Limits):
            raise ValueError(f"Account(limits={limits!r}): give Limits(...)")
        if type(seed) is not int or seed < 0:
            raise ValueError(f"Account(seed={seed!r}): give a whole number, 0 or more")
        if not isinstance(history, int) or history < 0:
            raise ValueError(
                f"Account(history={history!r}): give True, or a whole number of operations"
            )
        self.clock: SystemClock | Clock = SystemClock() if clock is None else clock
        self.limits: Limits = DEFAULT_LIMITS if limits is None else limits
        self.choice: ChoiceSource = SeededChoice(seed)
        most = DEFAULT_HISTORY if history is True else history
        self.history: History | None = History(self.clock, most) if most else None
        self.metrics: Metrics | None = Metrics(self.clock) if metrics else None
        self.quota: Quota = Quota(self.limits, self.clock)
        self.faults: Faults = Faults(
            faults, self.choice, self.clock, on_change=self._rebuild_chains
        )
        self._writes_per_second = self.limits.write_rate(default=usual_writes_per_second)
        self._entries: dict[str, _NamespaceEntry] = {}
        self._ids: dict[str, str] = {}
        self._uses: Counter[str] = Counter()
        self._counts_invocations = False

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """Every namespace, by title."""
        namespaces = (entry.namespace for entry in self._entries.values())
        return tuple(sorted(namespaces, key=lambda namespace: namespace.title))

    def create_namespace(self, title: str, *, id: str | None = None) -> Namespace:
        """A new namespace. Its id is `id`, or 32 hexadecimal digits that follow from the title.

        A title that is used again, after its namespace was deleted, gives another id.

        Raises: ValueError for a title or an id that is taken, a title that is empty or longer than
        512 characters, an id that is empty, and one namespace too many.
        """
        if not isinstance(title, str) or not 0 < len(title) <= MAX_TITLE_CHARACTERS:
            raise ValueError(f"a title is a str of 1 to 512 characters, not {title!r}")
        if title in self._ids:
            raise ValueError(
                f"a namespace with this account ID and title already exists: {title!r}. "
                f"Use account.binding({title!r}), or another title"
            )
        most = self.limits.max_namespaces
        if most is not None and len(self._entries) >= most:
            raise ValueError(
                f"an account has at most {most} namespaces; delete one, "
                "or write Limits(max_namespaces=...)"
            )
        chosen = _make_id(self._uses[title], title) if id is None else id
        if not isinstance(chosen, str) or not chosen:
            raise ValueError(
                f"an id is a str that is not empty, not {chosen!r}; leave it out to get one"
            )
        if chosen in self._entries:
            raise ValueError(
                f"the id {chosen!r} belongs to another namespace of this account; give another"
            )
        namespace = Namespace(title=title, id=chosen, clock=self.clock, limits=self.limits)
        per_second = self._writes_per_second
        rate = None if per_second is None else WriteRate(per_second, self.clock)
        ledger = Ledger(namespace.store.engine, self.clock)
        self._entries[chosen] = _NamespaceEntry(namespace, ledger, rate)
        self._ids[title] = chosen
        self._uses[title] += 1
        self.quota.attach(namespace)
        return namespace

    def namespace(self, title_or_id: str) -> Namespace:
        """The namespace of that title or id.

        Raises: LookupError that lists those there are.
        """
        return self._require(title_or_id).namespace

    def get_or_create_namespace(self, binding: str, id: str) -> Namespace:
        """The namespace of an id that a wrangler file binds; it is created if the id is new.

        A wrangler file has no titles, so the title is the name of the binding, or the id if that
        title is taken, as by the same binding of another environment.
        """
        if id not in self._entries:
            self.create_namespace(id if binding in self._ids else binding, id=id)
        return self._entries[id].namespace

    def delete_namespace(self, title_or_id: str) -> None:
        """Delete a namespace and its keys.

        Raises: LookupError for one that is not there, ValueError while a binding to it is open.
        """
        entry = self._require(title_or_id)
        count = len(entry.bindings)
        if count:
            bindings = "1 binding" if count == 1 else f"{count} bindings"
            raise ValueError(
                f"the namespace {entry.namespace.title!r} still has {bindings}; let go of them "
                "(del kv, del env) before delete_namespace, or empty it: kv.namespace.clear()"
            )
        del self._entries[entry.namespace.id]
        del self._ids[entry.namespace.title]
        self.quota.detach(entry.namespace)

    def binding(self, title: str | None = None, *, id: str | None = None) -> KVNamespace:
        """A binding to the namespace of that title, which is created if there is none.

        With `id` the namespace must be there. Bindings to one namespace share its data.

        Raises: LookupError for an unknown id.
        """
        if id is not None or title is None:
            return self._bind_with(id, PLAIN_BINDING)
        if not isinstance(title, str) or title not in self._ids:
            self.create_namespace(title)
        return self._bind_with(self._ids[title], PLAIN_BINDING)

    def _bind_with(self, title_or_id: object, config: BindingConfig) -> KVNamespace:
        """A binding with the layers of a network."""
        entry = self._require(title_or_id)
        kv = bind(entry.namespace, self._build_chain(entry, config))
        entry.bindings[kv] = config
        return kv

    def write_rate(self, title_or_id: str) -> WriteRate | None:
        """The write rate of a namespace, `None` where it has none."""
        return self._require(title_or_id).write_rate

    def ledger(self, title_or_id: str) -> Ledger:
        """The versions of every key of a namespace, as far as its bindings keep them."""
        return self._require(title_or_id).ledger

    def invocation(self) -> AbstractAsyncContextManager[Invocation]:
        """One invocation of a Worker: `async with account.invocation(): …` counts its operations.

        Raises: KVError within it, "Too many API requests by single Worker invocation. …"
        """
        if not self._counts_invocations:
            self._counts_invocations = True
            self._rebuild_chains()
        return self.quota.invocation()

    def bill(self, plan: str = "paid", month: str | None = None) -> Bill:
        """What the operations so far cost, in the units of the pricing page; needs `metrics`."""
        if self.metrics is None:
            raise ValueError("there are no metrics to bill; write Account(metrics=True)")
        return bill(self.metrics, plan, self.quota.stored_bytes(), month=month)

    def _rebuild_chains(self) -> None:
        """Build the chain of every binding again, after a layer was switched on or off."""
        for entry in self._entries.values():
            for kv, config in entry.bindings.items():
                kv._attach(entry.namespace, self._build_chain(entry, config))

    def _build_chain(self, entry: _NamespaceEntry, config: BindingConfig) -> Store:
        """The chain of one binding; see `build_chain` for the order of the layers."""
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
            write_rate=entry.write_rate if config.limits_writes else None,
            central=config.central,
            versions=entry.ledger if shows_versions and config.records_versions else None,
        )

    def _get(self, title_or_id: object) -> _NamespaceEntry | None:
        """Ids come first: one may be the title of another namespace."""
        if not isinstance(title_or_id, str):
            return None
        entries = self._entries
        return entries.get(title_or_id) or entries.get(self._ids.get(title_or_id, ""))

    def _require(self, title_or_id: object) -> _NamespaceEntry:
        entry = self._get(title_or_id)
        if entry is None:
            titles = ", ".join(repr(namespace.title) for namespace in self.namespaces)
            there = f"there are {titles}" if titles else "there is none yet"
            raise LookupError(
                f"no namespace has the title or id {title_or_id!r}; {there}. "
                "account.create_namespace(title) makes one"
            )
        return entry

    def __repr__(self) -> str:
        count = len(self._entries)
        return f"<Account: {count} namespace{'' if count == 1 else 's'}>"


def _make_id(number: int, title: str) -> str:
    """32 hexadecimal digits, as the platform's ids are; other ones when a title is used again."""
    return sha256(f"{number} {title}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
