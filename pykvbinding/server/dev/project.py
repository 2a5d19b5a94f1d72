"""The Worker that is served: loaded, loaded again when its files change, on data that stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from pykvbinding.server.dev.data_file import Data, DataFile
from pykvbinding.server.dev.file_watcher import Watched
from pykvbinding.server.dev.namespaces import DevNamespaces
from pykvbinding.workers.runtime.cf import DEFAULT_LOCATION
from pykvbinding.wrangler.config import read_wrangler
from pykvbinding.wrangler.dotenv import candidate_files, read_secrets, secret_files

if TYPE_CHECKING:
    from pykvbinding.workers.runtime.worker import Worker

SHARE_OF_TIME: Final = 20
"""Looking at the files takes at most one part in so many of the time, and so does saving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for on the command line.

    `locations` are the codes that were named, none if there is to be one without a limit of
    writes; `location` is where requests arrive that name none.
    """

    path: Path
    environment: str | None = None
    persist: Path | None = None
    clear: bool = False
    reloads: bool = True
    locations: tuple[str, ...] = ()
    location: str | None = None
    test_scheduled: bool = False


class Session:
    """One Worker and its data, from the start of the server to its end.

    `failure` is why there is no Worker that could answer, None if there is one. The code of the
    Worker, its wrangler file and its secrets come and go; namespaces, caches and what Durable
    Objects have stored remain.

    Raises: FileNotFoundError and ValueError for a wrangler file that is not there or is refused;
    OSError and ValueError for data that cannot be kept or read.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        locations = options.locations or (options.location or DEFAULT_LOCATION,)
        self.location: str = options.location or locations[0]
        if self.location not in locations:
            raise ValueError(
                f"--at {self.location}: this is not one of --locations {','.join(locations)}"
            )
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
        self._saved = (0.0, 0.0)
        self._looked = (0.0, 0.0)
        self._watched = self._watch()

    def start(self) -> None:
        """Load the Worker; `failure` says if that failed."""
        self._watched.changed()
        self._load()

    @property
    def worker(self) -> "Worker | None":
        """The Worker as it was last loaded; None if it never was."""
        return self._worker

    @property
    def watches(self) -> list[Path]:
        """What is looked at for changes."""
        main = self.config.main
        folders = [] if main is None else [Path(main).parent]
        return [*folders, self.config.path, *self.secret_files]

    def is_own(self, file: str) -> bool:
        """Whether a file is the user's: it lies below the directory of `main`."""
        main = self.config.main
        if main is None:
            return False
        path = Path(file)
        if not path.is_relative_to(Path(main).parent):
            return False
        inside = path.relative_to(Path(main).parent).parts
        return not any(part in ("site-packages", "python_modules") for part in inside)

    def refresh(self) -> list[Path]:
        """Load the Worker again if files have changed; which ones. `failure` says if that failed.

        It looks no more often than looking costs, so it may be called at any time.
        """
        if not self.options.reloads:
            return []
        looked, took = self._looked
        now = perf_counter()
        if now - looked < took * SHARE_OF_TIME:
            return []
        changed = self._watched.changed()
        self._looked = (now, perf_counter() - now)
        if changed:
            if self._is_configuration(changed):
                self._configure()
            else:
                self._reload()
        return changed

    def save(self, *, is_last: bool = False) -> bool:
        """Write what has changed to the file of `--persist`, if there is one; whether it did.

        While the server runs it waits between two times, for saving large data takes a while.

        Raises: OSError if the file cannot be written.
        """
        if self._file is None:
            return False
        saved, took = self._saved
        now = perf_counter()
        if not is_last and now - saved < took * SHARE_OF_TIME:
            return False
        before = self._objects
        self._keep_objects()
        self._is_unsaved |= self.namespaces.take_changed() or self._objects != before
        was_unsaved = self._is_unsaved
        if was_unsaved:
            self._file.write(Data(self.namespaces.dump(), self._objects))
            self._is_unsaved = False
        self._saved = (now, perf_counter() - now)
        return was_unsaved

    def _keep_objects(self) -> None:
        """Remember what Durable Objects have stored."""
        if self._worker is not None and self.config.durable_objects:
            self._objects = self._worker.durable.dump()

    def _watch(self) -> Watched:
        main, file = self.config.main, self.config.path
        roots = [] if main is None else [Path(main).parent]
        files = [file, *candidate_files(file.parent, self.options.environment)]
        ignored = [] if self.options.persist is None else [self.options.persist]
        return Watched(roots, files, ignored)

    def _is_configuration(self, changed: Sequence[Path]) -> bool:
        file = self.config.path
        return any(
            path in (file, *candidate_files(file.parent, self.options.environment))
            for path in changed
        )

    def _configure(self) -> None:
        """Read the wrangler file and the secrets again."""
        options = self.options
        self._keep_objects()
        try:
            self.config = read_wrangler(options.path, env=options.environment, preview=True)
        except (OSError, ValueError) as error:
            self.failure = error
            return
        self._watched = self._watch()
        self._load()

    def _load(self) -> None:
        """Load the Worker that the wrangler file describes."""
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
                worker.durable.load(self._objects)
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
    """The answer of the network to what the Worker fetches."""
    from pykvbinding.server.dev.http_client import (
        fetch_outside,  # not at the top: many fetch nothing
    )

    return await fetch_outside(request)
