"""State of one test in the plugin: marker options, objects of its fixtures, and findings."""

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
from pykvbinding.testing.marker import (
    ANY_WARNING,
    UNAWAITED,
    UNUSED_FAULT,
    MarkerOptions,
    parse_markers,
)
from pykvbinding.testing.strictness import StrictnessFinding, StrictnessMonitor
from pykvbinding.wrangler.config import FILE_NAMES

if TYPE_CHECKING:
    from pykvbinding.workers.runtime.worker import Worker

SHOWN_OPERATIONS: Final = 50
"""Number of operations of each account in a failure report; the last ones are shown."""

KEPT_NETWORKS: Final = 2
"""Number of networks of one test in a failure report; Hypothesis runs the failing example last."""

SHOWN_FINDINGS: Final = 10

HEADLINES: Final = {
    UNAWAITED: "Never awaited, so not executed",
    UNUSED_FAULT: "Fault rule never triggered",
}
WARNING_HEADLINE: Final = "Production behaves differently from what this code suggests"

NO_WRANGLER_FILE: Final = (
    "kv_worker needs a wrangler file, and the root directory has none: "
    "name one in the pytest configuration, as in kv_config = deploy/wrangler.jsonc"
)

_namespaces_key: Final = pytest.StashKey["WeakSet[Namespace]"]()


class TestItem:
    """One test, from the start of its setup to the end of its teardown."""

    def __init__(self, item: pytest.Item, seed: int, *, strict: bool, uses_fixtures: bool) -> None:
        self.item = item
        self._seed = seed
        self._strict = strict
        self._uses_fixtures = uses_fixtures
        self._options = MarkerOptions()
        self._account: Account | None = None
        self._env: Env | None = None
        self._networks: deque[EdgeNetwork] = deque(maxlen=KEPT_NETWORKS)
        self._faults: list[Faults] = []
        self._own_namespaces: WeakSet[Namespace] = WeakSet()
        self._all_namespaces = item.config.stash.setdefault(_namespaces_key, WeakSet())
        self._monitor = StrictnessMonitor(item.config.rootpath, self._is_foreign)
        self._findings: list[StrictnessFinding] = []

    @property
    def seed(self) -> int:
        """The seed of the marker, or else of the run."""
        return self._seed if self._options.seed is None else self._options.seed

    @contextmanager
    def open(self) -> Iterator[None]:
        """Monitor the test with its setup and teardown, if the run is strict."""
        if not self._strict:
            yield
            return
        with self._monitor.monitoring():
            self._monitor.release_last_traceback()
            yield

    # Phases.

    def run_phase(self, name: str) -> Generator[None, Any, Any]:
        """Wrap the setup, the call or the teardown; fail it if it passes with findings."""
        __tracebackhide__ = True  # the failure and its traceback belong to the test
        self._findings.clear()
        if name == "setup":
            self._begin()
        try:
            result = yield
        except BaseException:
            self._record_findings(name)
            raise
        self._record_findings(name)
        if name == "call" and self._strict:
            self._findings += [
                StrictnessFinding(UNUSED_FAULT, "", repr(rule)) for rule in self._unused_faults()
            ]
        rejected = [finding for finding in self._findings if not self._is_allowed(finding)]
        self._findings.clear()  # else the report would repeat them
        if rejected:
            pytest.fail(_format_findings(rejected), pytrace=False)
        return result

    def _begin(self) -> None:
        self._account, self._env = None, None
        self._networks.clear()
        self._faults.clear()
        try:
            self._options = parse_markers(self.item.iter_markers("kv"))
        except (TypeError, ValueError) as error:
            pytest.fail(str(error), pytrace=False)

    def _record_findings(self, phase: str) -> None:
        if self._strict:
            if phase != "setup":  # the call may still await an operation of the setup
                self._monitor.collect_garbage(thorough=self._uses_fixtures)
            self._findings += self._monitor.drain()

    def _is_allowed(self, finding: StrictnessFinding) -> bool:
        allow = self._options.allow
        is_warning = finding.kind not in (UNAWAITED, UNUSED_FAULT)
        return finding.kind in allow or (is_warning and ANY_WARNING in allow)

    def _is_foreign(self, namespace: Namespace) -> bool:
        return namespace in self._all_namespaces and namespace not in self._own_namespaces

    def _unused_faults(self) -> list[Fault]:
        """Return the rules that no operation triggered; under Hypothesis, in any example."""
        triggered = {rule for faults in self._faults for rule in faults if faults.hits(rule)}
        rules = dict.fromkeys(rule for faults in self._faults for rule in faults)
        return [rule for rule in rules if rule not in triggered]

    # Fixtures.

    def account(self, clock: VirtualClock) -> Account:
        """The account behind `kv`, `kv_env` and `kv_history`."""
        if self._account is None:
            options = self._options
            self._account = Account(
                clock=clock,
                limits=options.limits,
                history=True,
                faults=options.faults,
                seed=self.seed,
            )
            self._faults.append(self._account.faults)
        return self._account

    def kv(self, clock: VirtualClock) -> KVNamespace:
        """The binding "KV": from the wrangler file if the test also uses `kv_env`."""
        file = self.wrangler_file()
        if file is not None and "kv_env" in getattr(self.item, "fixturenames", ()):
            self.env(clock, file)
        kv = self.account(clock).binding("KV")
        kv.namespace.seed(self._options.data or {})
        self._claim(self.account(clock))
        return kv

    def env(self, clock: VirtualClock, file: Path) -> Env:
        """The env with every binding and variable of a wrangler file."""
        if self._env is None:
            self._env = Env.from_wrangler(file, account=self.account(clock))
            self._claim(self.account(clock))
        return self._env

    def wrangler_file(self) -> Path | None:
        """The file that `kv_config` names, or else the file in the root directory."""
        return wrangler_file(self.item.config)

    @contextmanager
    def worker(self, env: Env) -> Iterator["Worker"]:
        """Load the Worker of the wrangler file with `env`, which was made from the same file."""
        from pykvbinding.workers.install import install
        from pykvbinding.workers.runtime.worker import Worker

        file = self.wrangler_file()
        if file is None:
            pytest.fail(NO_WRANGLER_FILE, pytrace=False)
        with install():
            yield Worker.load(file, env=env)

    def network(self, *locations: str, **options: Any) -> EdgeNetwork:
        """Make an `EdgeNetwork`; its seed and limits default to those of the test."""
        options.setdefault("seed", self.seed)
        if self._options.limits is not None:
            options.setdefault("limits", self._options.limits)
        network = EdgeNetwork(*locations, **options)
        self._networks.append(network)
        self._faults.append(network.account.faults)
        self._claim(network.account)
        return network

    def _claim(self, account: Account) -> None:
        for namespace in account.namespaces:
            self._own_namespaces.add(namespace)
            self._all_namespaces.add(namespace)

    # Report.

    def sections(self) -> list[tuple[str, str]]:
        """The sections that are added to a failure report."""
        sections = []
        if self._findings:
            sections.append(
                ("pykvbinding: findings before the failure", _format_findings(self._findings))
            )
        histories = self._histories()
        if histories:
            parts = [f"{name}\n{history.table(SHOWN_OPERATIONS)}" for name, history in histories]
            sections.append(("pykvbinding: last operations", "\n\n".join(parts)))
        return sections

    def _histories(self) -> list[tuple[str, History]]:
        """Return the histories that are not empty, each with its name and the seed."""
        histories = [] if self._account is None else [("kv", self._account.history)]
        for network in self._networks:
            histories += [(f"EdgeNetwork {', '.join(network.locations)}", network.history)]
        return [
            (f"{name}, seed {self.seed}:", history)
            for name, history in histories
            if history is not None and len(history)
        ]


def wrangler_file(config: pytest.Config) -> Path | None:
    """Find the wrangler file of a project: `kv_config`, or else a file in its root directory."""
    name = config.getini("kv_config")
    if name is not None:
        return config.rootpath / name if name else None
    files = [config.rootpath / name for name in FILE_NAMES]
    return next((file for file in files if file.is_file()), None)


def _format_findings(findings: Sequence[StrictnessFinding]) -> str:
    """List the findings by kind, and the marker that allows them."""
    by_headline: dict[str, list[str]] = {}
    for finding in findings:
        prefix = f"  {finding.location}: " if finding.location else "  "
        headline = HEADLINES.get(finding.kind, WARNING_HEADLINE)
        by_headline.setdefault(headline, []).append(prefix + finding.text)
    lines = []
    for headline, texts in by_headline.items():
        lines += [f"{headline}:", *texts[:SHOWN_FINDINGS]]
        if len(texts) > SHOWN_FINDINGS:
            lines.append(f"  … and {len(texts) - SHOWN_FINDINGS} more")
    kinds = ", ".join(f'"{kind}"' for kind in dict.fromkeys(finding.kind for finding in findings))
    lines.append(f"If this is intended, mark the test with @pytest.mark.kv(allow=[{kinds}])")
    return "\n".join(lines)
