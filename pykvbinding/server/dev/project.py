"""The served Worker: loaded, reloaded when its files change, with data that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from pykvbinding.server.dev.data_file import DataFile, PersistedData
from pykvbinding.server.dev.file_watcher import FileWatcher
from pykvbinding.server.dev.namespaces import DevNamespaces
from pykvbinding.workers.runtime.cf import DEFAULT_LOCATION
from pykvbinding.wrangler.config import read_wrangler
from pykvbinding.wrangler.dotenv import candidate_files, read_secrets, secret_files

if TYPE_CHECKING:
    from pykvbinding.workers.runtime.worker import Worker

MAX_DUTY_CYCLE: Final = 20
"""Checking files takes at most 1/20 of the time, and so does saving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevOptions:
    """The command-line options.

    `locations` is empty for a single location without a write limit; `location` is the default
    location of requests.
    """

    path: Path
    environment: str | None = None
    persist: Path | None = None
    clear: bool = False
    reloads: bool = True
    locations: tuple[str, ...] = ()
    location: str | None = None
    test_scheduled: bool = False


class WorkerProject:
    """One Worker and its data, from the start of the server to its end.

    `failure` is the reason why no Worker can serve requests, or None. The Worker, its wrangler file
    and its secrets are reloaded; namespaces, caches and data of Durable Objects are kept.

    Raises: FileNotFoundError and ValueError if the wrangler file is missing or invalid; OSError and
    ValueError if data cannot be saved or read.
    """

    def __init__(self, options: DevOptions) -> None:
        self.options = options
        locations = options.locations or (options.location or DEFAULT_LOCATION,)
        self.location: str = options.location or locations[0]
        if self.location not in locations:
            raise ValueError(f"--at {self.location}: not one of --locations {','.join(locations)}")
        self.locations = locations
        self.config = read_wrangler(options.path, env=options.environment, preview=True)
        self.namespaces: DevNamespaces = DevNamespaces(
            locations, limits_writes=bool(options.locations)
        )
        self.secret_files: Sequence[Path] = ()
        self.secrets: dict[str, str] = {}
        self.failure: BaseException | None = None
        self._file = None if options.persist is None else DataFile(options.persist)
        self._worker: Worker | None = None
        self._objects: bytes | None = None
        if self._file is not None and not options.clear:
            data = self._file.read()
            self.namespaces.load(data)
            self._objects = data.objects
        self._is_unsaved = options.clear
        self._last_save = (0.0, 0.0)
        self._last_check = (0.0, 0.0)
        self._watcher = self._make_watcher()

    def start(self) -> None:
        """Load the Worker. On an error, `failure` is set."""
        self._watcher.changed()
        self._load()

    @property
    def worker(self) -> "Worker | None":
        """The Worker that was loaded last, or None."""
        return self._worker

    @property
    def watched_paths(self) -> list[Path]:
        """The watched files and directories."""
        main = self.config.main
        folders = [] if main is None else [Path(main).parent]
        return [*folders, self.config.path, *self.secret_files]

    def is_user_file(self, file: str) -> bool:
        """Return whether a file belongs to the user: whether it is in the directory of `main`."""
        main = self.config.main
        if main is None:
            return False
        path = Path(file)
        if not path.is_relative_to(Path(main).parent):
            return False
        parts = path.relative_to(Path(main).parent).parts
        return not any(part in ("site-packages", "python_modules") for part in parts)

    def refresh(self) -> list[Path]:
        """Reload the Worker if files have changed; return these. On an error, `failure` is set.

        The interval between checks depends on their cost, so this may be called at any time.
        """
        if not self.options.reloads:
            return []
        checked_at, duration = self._last_check
        now = perf_counter()
        if now - checked_at < duration * MAX_DUTY_CYCLE:
            return []
        changed = self._watcher.changed()
        self._last_check = (now, perf_counter() - now)
        if changed:
            if self._is_configuration(changed):
                self._reload_configuration()
            else:
                self._reload()
        return changed

    def save(self, *, is_last: bool = False) -> bool:
        """Write changed data to the file of `--persist`; return whether it was written.

        Before the last call, the interval depends on the cost, because saving large data takes
        time.

        Raises: OSError if the file cannot be written.
        """
        if self._file is None:
            return False
        saved_at, duration = self._last_save
        now = perf_counter()
        if not is_last and now - saved_at < duration * MAX_DUTY_CYCLE:
            return False
        before = self._objects
        self._dump_objects()
        self._is_unsaved |= self.namespaces.take_changed() or self._objects != before
        was_unsaved = self._is_unsaved
        if was_unsaved:
            self._file.write(PersistedData(self.namespaces.dump(), self._objects))
            self._is_unsaved = False
        self._last_save = (now, perf_counter() - now)
        return was_unsaved

    def _dump_objects(self) -> None:
        """Keep a snapshot of the Durable Objects."""
        if self._worker is not None and self.config.durable_objects:
            self._objects = self._worker.durable_objects.dump()

    def _make_watcher(self) -> FileWatcher:
        main, file = self.config.main, self.config.path
        roots = [] if main is None else [Path(main).parent]
        files = [file, *candidate_files(file.parent, self.options.environment)]
        ignored = [] if self.options.persist is None else [self.options.persist]
        return FileWatcher(roots, files, ignored)

    def _is_configuration(self, changed: Sequence[Path]) -> bool:
        file = self.config.path
        return any(
            path in (file, *candidate_files(file.parent, self.options.environment))
            for path in changed
        )

    def _reload_configuration(self) -> None:
        """Read the wrangler file and the secrets again."""
        options = self.options
        self._dump_objects()
        try:
            self.config = read_wrangler(options.path, env=options.environment, preview=True)
        except (OSError, ValueError) as error:
            self.failure = error
            return
        self._watcher = self._make_watcher()
        self._load()

    def _load(self) -> None:
        """Load the Worker of the wrangler file."""
        from pykvbinding.workers.runtime.worker import Worker

        config, options = self.config, self.options
        try:
            self.secret_files = secret_files(config.path.parent, options.environment)
            self.secrets = read_secrets(self.secret_files)
            self.namespaces.bind(config.kv_namespaces)
            worker = Worker.load(
                config.path,
                env=options.environment,
                network=self.namespaces.network,
                bindings=self.secrets,
            )
            worker.mock_fetch(_fetch_outside)
            if self._objects is not None:
                worker.durable_objects.load(self._objects)
        except Exception as error:
            self.failure = error
            return
        self._worker = worker
        self.failure = None

    def _reload(self) -> None:
        """Import the code of the Worker again."""
        if self._worker is None:
            self._load()
            return
        try:
            self._worker.reload()
        except Exception as error:
            self.failure = error
            return
        self.failure = None


async def _fetch_outside(request: Any) -> Any:
    """Return the response of the network to a request of the Worker."""
    # Imported here because many Workers do not fetch.
    from pykvbinding.server.dev.http_client import fetch_outside

    return await fetch_outside(request)
