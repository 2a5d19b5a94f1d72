"""The account: namespaces, one clock, one set of limits, and the chain of layers before each."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias
from weakref import WeakKeyDictionary

from pykvbinding import misuse
from pykvbinding.choices import Choice, SeededChoice
from pykvbinding.clock import Clock, SystemClock
from pykvbinding.kv.binding import KVNamespace, bind
from pykvbinding.kv.namespace import Namespace
from pykvbinding.limits import Limits
from pykvbinding.middleware.billing import Bill, bill
from pykvbinding.middleware.faults import Fault, Faults, FaultStore
from pykvbinding.middleware.history import History, HistoryStore
from pykvbinding.middleware.metrics import Metrics, MetricsStore
from pykvbinding.middleware.quota import Invocation, Quota, QuotaStore
from pykvbinding.middleware.rate_limit import RateLimitStore, WriteRate
from pykvbinding.middleware.versions import Ledger, LedgerStore
from pykvbinding.storage.store import Store

Layer: TypeAlias = Callable[[Store], Store]

DEFAULT_HISTORY = 10_000
"""Operations that `history=True` remembers."""

MAX_TITLE_CHARACTERS = 512

ORDINARY = Limits()
"""The limits of an account that was given none; made once, for checking them takes a while."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a binding stands: its location, and what a network puts into its chain.

    `edge` lies between the location and the central stores, `central` is a policy of theirs.
    `limits_writes` is off where the edge sees to the write rate itself.
    """

    location: str | None = None
    edge: Layer | None = None
    central: Layer | None = None
    limits_writes: bool = True


@dataclass(slots=True)
class _Held:
    """One namespace with what its bindings share."""

    namespace: Namespace
    ledger: Ledger
    rate: WriteRate | None
    bindings: WeakKeyDictionary[KVNamespace, Door] = field(default_factory=WeakKeyDictionary)


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
            raise misuse.wrong_argument("Account", "limits", limits, "Limits(...)")
        if type(seed) is not int or seed < 0:
            raise misuse.wrong_argument("Account", "seed", seed, "a whole number, 0 or more")
        if not isinstance(history, int) or history < 0:
            wanted = "True, or a whole number of operations"
            raise misuse.wrong_argument("Account", "history", history, wanted)
        self.clock = SystemClock() if clock is None else clock
        self.limits = ORDINARY if limits is None else limits
        self.choice: Choice = SeededChoice(seed)
        most = DEFAULT_HISTORY if history is True else history
        self.history = History(self.clock, most) if most else None
        self.metrics = Metrics(self.clock) if metrics else None
        self.quota = Quota(self.limits, self.clock)
        self.faults = Faults(faults, self.choice, self.clock)
        self._writes_per_second = self.limits.write_rate(usual=usual_writes_per_second)
        self._held: dict[str, _Held] = {}
        self._ids: dict[str, str] = {}
        self._uses: Counter[str] = Counter()
        self._counts_invocations = False
        self.faults.changed = self.chain_again

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """Every namespace, by title."""
        namespaces = (held.namespace for held in self._held.values())
        return tuple(sorted(namespaces, key=lambda namespace: namespace.title))

    def create_namespace(self, title: str, *, id: str | None = None) -> Namespace:
        """A new namespace. Its id is `id`, or 32 hexadecimal digits that follow from the title.

        A title that is used again, after its namespace was deleted, gives another id.

        Raises: ValueError for a title or an id that is taken, a title that is empty or longer than
        512 characters, an id that is empty, and one namespace too many.
        """
        if not isinstance(title, str) or not 0 < len(title) <= MAX_TITLE_CHARACTERS:
            raise misuse.namespace_title_wrong(title)
        if title in self._ids:
            raise misuse.namespace_title_taken(title)
        most = self.limits.max_namespaces
        if most is not None and len(self._held) >= most:
            raise misuse.namespaces_too_many(most)
        chosen = _make_id(self._uses[title], title) if id is None else id
        if not isinstance(chosen, str) or not chosen:
            raise misuse.namespace_id_wrong(chosen)
        if chosen in self._held:
            raise misuse.namespace_id_taken(chosen)
        namespace = Namespace(title=title, id=chosen, clock=self.clock, limits=self.limits)
        per_second = self._writes_per_second
        rate = None if per_second is None else WriteRate(per_second, self.clock)
        ledger = Ledger(namespace.store.engine, self.clock)
        self._held[chosen] = _Held(namespace, ledger, rate)
        self._ids[title] = chosen
        self._uses[title] += 1
        self.quota.attach(namespace)
        return namespace

    def namespace(self, title_or_id: str) -> Namespace:
        """The namespace of that title or id.

        Raises: LookupError that lists those there are.
        """
        return self._find(title_or_id).namespace

    def namespace_of(self, binding: str, id: str) -> Namespace:
        """The namespace of an id that a wrangler file binds, which is made where it is new.

        A wrangler file knows no titles, so the name of the binding is the title; the id is where
        that is taken, as by the same binding of another environment.
        """
        if id not in self._held:
            self.create_namespace(id if binding in self._ids else binding, id=id)
        return self._held[id].namespace

    def delete_namespace(self, title_or_id: str) -> None:
        """Delete a namespace and its keys.

        Raises: LookupError for one that is not there, ValueError while a binding to it is open.
        """
        held = self._find(title_or_id)
        if held.bindings:
            raise misuse.namespace_is_bound(held.namespace.title, len(held.bindings))
        del self._held[held.namespace.id]
        del self._ids[held.namespace.title]
        self.quota.detach(held.namespace)

    def binding(self, title: str | None = None, *, id: str | None = None) -> KVNamespace:
        """A binding to the namespace of that title, which is created if there is none.

        With `id` the namespace must be there. Bindings to one namespace share its data.

        Raises: LookupError for an unknown id.
        """
        if id is not None or title is None:
            return self.open(id, Door())
        if not isinstance(title, str) or title not in self._ids:
            self.create_namespace(title)
        return self.open(self._ids[title], Door())

    def open(self, title_or_id: object, door: Door) -> KVNamespace:
        """A binding that stands in a location."""
        held = self._find(title_or_id)
        kv = bind(held.namespace, self._chain(held, door))
        held.bindings[kv] = door
        return kv

    def write_rate(self, title_or_id: str) -> WriteRate | None:
        """The write rate of a namespace, `None` where it has none."""
        return self._find(title_or_id).rate

    def chain_again(self) -> None:
        """Build every chain anew, after a layer was switched on or off."""
        for held in self._held.values():
            for kv, door in held.bindings.items():
                kv._attach(held.namespace, self._chain(held, door))

    def ledger(self, title_or_id: str) -> Ledger:
        """The versions of every key of a namespace, as far as its bindings keep them."""
        return self._find(title_or_id).ledger

    def invocation(self) -> AbstractAsyncContextManager[Invocation]:
        """One invocation of a Worker: `async with account.invocation(): …` counts its operations.

        Raises: KVError within it, "Too many API requests by single Worker invocation. …"
        """
        if not self._counts_invocations:
            self._counts_invocations = True
            self.chain_again()
        return self.quota.invocation()

    def bill(self, plan: str = "paid", month: str | None = None) -> Bill:
        """What the operations so far cost, in the units of the pricing page; needs `metrics`."""
        if self.metrics is None:
            raise misuse.metrics_are_off()
        return bill(self.metrics, plan, self.quota.stored_bytes(), month=month)

    def _chain(self, held: _Held, door: Door) -> Store:
        """What stands before the records of one namespace. What is off is not there at all."""
        store: Store = held.namespace.store
        for layer in reversed(self._layers(held, door)):
            store = store if layer is None else layer(store)
        return store

    def _layers(self, held: _Held, door: Door) -> list[Layer | None]:
        """Every layer, outermost first; `None` for one that is off."""
        namespace, rate, ledger, location = held.namespace, held.rate, held.ledger, door.location
        history, metrics, faults, quota = self.history, self.metrics, self.faults, self.quota
        counts = self._counts_invocations or quota.is_limited
        versions = history is not None or door.edge is not None
        return [
            None
            if history is None
            else lambda s: HistoryStore(s, history, namespace.title, location),
            None if metrics is None else lambda s: MetricsStore(s, metrics, namespace),
            None if not counts else lambda s: QuotaStore(s, quota, namespace),
            None if not faults else lambda s: FaultStore(s, faults, location),
            door.edge,
            None if rate is None or not door.limits_writes else lambda s: RateLimitStore(s, rate),
            door.central,
            None if not versions else lambda s: LedgerStore(s, ledger, location),
        ]

    def _look(self, title_or_id: object) -> _Held | None:
        """Ids come first: one may be the title of another namespace."""
        if not isinstance(title_or_id, str):
            return None
        return self._held.get(title_or_id) or self._held.get(self._ids.get(title_or_id, ""))

    def _find(self, title_or_id: object) -> _Held:
        held = self._look(title_or_id)
        if held is None:
            raise misuse.namespace_unknown(title_or_id, [n.title for n in self.namespaces])
        return held

    def __repr__(self) -> str:
        count = len(self._held)
        return f"<Account: {count} namespace{'' if count == 1 else 's'}>"


def _make_id(number: int, title: str) -> str:
    """32 hexadecimal digits, as the platform's ids are; other ones when a title is used again."""
    return sha256(f"{number} {title}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
