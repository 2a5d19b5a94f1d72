"""One test as the plugin sees it: what it asks for, what it was given, and whether it behaves."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import pytest

from pykvbinding.account import Account
from pykvbinding.clock import VirtualClock
from pykvbinding.env import Env
from pykvbinding.kv.binding import KVNamespace
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.faults import Fault, Faults
from pykvbinding.middleware.history import History
from pykvbinding.network.edge_network import EdgeNetwork
from pykvbinding.testing.marker import ANY_WARNING, UNAWAITED, UNUSED_FAULT, Asked, asked_of
from pykvbinding.testing.strictness import Finding, Watch
from pykvbinding.wrangler.config import FILE_NAMES

if TYPE_CHECKING:
    from pykvbinding.workers.runtime.worker import Worker

SHOWN_OPERATIONS: Final = 50
"""Of each account, in the report of a failure: the last ones."""

KEPT_NETWORKS: Final = 2
"""Networks of one test whose operations are shown: Hypothesis runs the failing example last."""

SHOWN_FINDINGS: Final = 10

HEADLINES: Final = {
    UNAWAITED: "Never awaited, so it never happened",
    UNUSED_FAULT: "A fault that no operation has met",
}
PRODUCTION: Final = "Production does not do what this reads like"

NO_FILE: Final = (
    "kv_worker is the Worker of a wrangler file, and there is none in the root directory: "
    "name one in the settings of pytest, as in kv_config = deploy/wrangler.jsonc"
)

_given: Final = pytest.StashKey["WeakSet[Namespace]"]()


class Case:
    """One test, from before its setup until after its teardown."""

    def __init__(self, item: pytest.Item, seed: int, *, strict: bool, uses_fixtures: bool) -> None:
        self.item = item
        self._seed = seed
        self._strict = strict
        self._uses_fixtures = uses_fixtures
        self._asked = Asked()
        self._account: Account | None = None
        self._env: Env | None = None
        self._networks: deque[EdgeNetwork] = deque(maxlen=KEPT_NETWORKS)
        self._faults: list[Faults] = []
        self._mine: WeakSet[Namespace] = WeakSet()
        self._everyones = item.config.stash.setdefault(_given, WeakSet())
        self._watch = Watch(item.config.rootpath, self._is_foreign)
        self._noticed: list[Finding] = []

    @property
    def seed(self) -> int:
        """What chance depends on: of the marker, else of the run."""
        return self._seed if self._asked.seed is None else self._asked.seed

    @contextmanager
    def open(self) -> Iterator[None]:
        """Where the test runs, with its setup and teardown."""
        if not self._strict:
            yield
            return
        with self._watch.listening():
            self._watch.forget_the_last_failure()
            yield

    # The phases.

    def phase(self, name: str) -> Generator[None, Any, Any]:
        """Around the setup, the call or the teardown: fail what does not behave, if it passes."""
        __tracebackhide__ = True  # the failure is of the test, and so is the traceback
        self._noticed.clear()
        if name == "setup":
            self._begin()
        try:
            result = yield
        except BaseException:
            self._notice(name)
            raise
        self._notice(name)
        if name == "call" and self._strict:
            self._noticed += [Finding(UNUSED_FAULT, "", repr(rule)) for rule in self._unused()]
        wrong = [finding for finding in self._noticed if not self._is_allowed(finding)]
        self._noticed.clear()  # or the report would tell it twice
        if wrong:
            pytest.fail(_told(wrong), pytrace=False)
        return result

    def _begin(self) -> None:
        self._account, self._env = None, None
        self._networks.clear()
        self._faults.clear()
        try:
            self._asked = asked_of(self.item.iter_markers("kv"))
        except (TypeError, ValueError) as error:
            pytest.fail(str(error), pytrace=False)

    def _notice(self, phase: str) -> None:
        if self._strict:
            if phase != "setup":  # what is made there may still be awaited in the call
                self._watch.collect(thorough=self._uses_fixtures)
            self._noticed += self._watch.take()

    def _is_allowed(self, finding: Finding) -> bool:
        allow = self._asked.allow
        is_warning = finding.kind not in (UNAWAITED, UNUSED_FAULT)
        return finding.kind in allow or (is_warning and ANY_WARNING in allow)

    def _is_foreign(self, namespace: Namespace) -> bool:
        return namespace in self._everyones and namespace not in self._mine

    def _unused(self) -> list[Fault]:
        """Rules that nothing has met: under Hypothesis, in no example."""
        hit = {rule for faults in self._faults for rule in faults if faults.hits(rule)}
        rules = dict.fromkeys(rule for faults in self._faults for rule in faults)
        return [rule for rule in rules if rule not in hit]

    # The fixtures.

    def account(self, clock: VirtualClock) -> Account:
        """The account behind `kv`, `kv_env` and `kv_history`."""
        if self._account is None:
            asked = self._asked
            self._account = Account(
                clock=clock, limits=asked.limits, history=True, faults=asked.faults, seed=self.seed
            )
            self._faults.append(self._account.faults)
        return self._account

    def kv(self, clock: VirtualClock) -> KVNamespace:
        """The binding "KV"; of the wrangler file, if the test takes that too and it has one."""
        file = self.wrangler_file()
        if file is not None and "kv_env" in getattr(self.item, "fixturenames", ()):
            self.env(clock, file)
        kv = self.account(clock).binding("KV")
        kv.namespace.seed(self._asked.data or {})
        self._own(self.account(clock))
        return kv

    def env(self, clock: VirtualClock, file: Path) -> Env:
        """Every binding and variable of a wrangler file."""
        if self._env is None:
            self._env = Env.from_wrangler(file, account=self.account(clock))
            self._own(self.account(clock))
        return self._env

    def wrangler_file(self) -> Path | None:
        """The file that `kv_config` names, else one in the root directory, as wrangler finds it."""
        return wrangler_file(self.item.config)

    @contextmanager
    def worker(self, env: Env) -> Iterator["Worker"]:
        """The Worker of the wrangler file, with an env that is made of it."""
        from pykvbinding.workers.install import install
        from pykvbinding.workers.runtime.worker import Worker

        file = self.wrangler_file()
        if file is None:
            pytest.fail(NO_FILE, pytrace=False)
        with install():
            yield Worker.load(file, env=env)

    def network(self, *locations: str, **options: Any) -> EdgeNetwork:
        """An `EdgeNetwork`, with the seed and the limits of the test where none are given."""
        options.setdefault("seed", self.seed)
        if self._asked.limits is not None:
            options.setdefault("limits", self._asked.limits)
        network = EdgeNetwork(*locations, **options)
        self._networks.append(network)
        self._faults.append(network.account.faults)
        self._own(network.account)
        return network

    def _own(self, account: Account) -> None:
        for namespace in account.namespaces:
            self._mine.add(namespace)
            self._everyones.add(namespace)

    # The report.

    def sections(self) -> list[tuple[str, str]]:
        """What a report of a failure says beside it."""
        sections = []
        if self._noticed:
            sections.append(("pykvbinding: noticed before it failed", _told(self._noticed)))
        histories = self._histories()
        if histories:
            parts = [f"{name}\n{history.table(SHOWN_OPERATIONS)}" for name, history in histories]
            sections.append(("pykvbinding: last operations", "\n\n".join(parts)))
        return sections

    def _histories(self) -> list[tuple[str, History]]:
        """Of everything on which there were operations, with its name and seed."""
        made = [] if self._account is None else [("kv", self._account.history)]
        for network in self._networks:
            made += [(f"EdgeNetwork {', '.join(network.locations)}", network.history)]
        return [
            (f"{name}, seed {self.seed}:", history)
            for name, history in made
            if history is not None and len(history)
        ]


def wrangler_file(config: pytest.Config) -> Path | None:
    """The wrangler file of a project: as `kv_config` says, else in its root directory."""
    given = config.getini("kv_config")
    if given is not None:
        return config.rootpath / given if given else None
    files = [config.rootpath / name for name in FILE_NAMES]
    return next((file for file in files if file.is_file()), None)


def _told(findings: Sequence[Finding]) -> str:
    """Findings by kind, and how to allow them."""
    by_headline: dict[str, list[str]] = {}
    for each in findings:
        text = f"  {each.where}: {each.text}" if each.where else f"  {each.text}"
        by_headline.setdefault(HEADLINES.get(each.kind, PRODUCTION), []).append(text)
    lines = []
    for headline, texts in by_headline.items():
        lines += [f"{headline}:", *texts[:SHOWN_FINDINGS]]
        if len(texts) > SHOWN_FINDINGS:
            lines.append(f"  … and {len(texts) - SHOWN_FINDINGS} more")
    kinds = ", ".join(f'"{kind}"' for kind in dict.fromkeys(each.kind for each in findings))
    lines.append(f"A test that means it says so: @pytest.mark.kv(allow=[{kinds}])")
    return "\n".join(lines)
