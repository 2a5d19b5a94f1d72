"""`dev`: serves one Worker on localhost until Ctrl-C."""

import asyncio
from contextlib import suppress
from socket import socket
from time import perf_counter

from pykvbinding.server.dev.app import App
from pykvbinding.server.dev.banner import BannerData, print_banner, print_missing_worker, shown_path
from pykvbinding.server.dev.log import Log
from pykvbinding.server.dev.project import DevOptions, WorkerProject
from pykvbinding.server.dev.queue_delivery import QueueDelivery
from pykvbinding.server.http_server import (
    DEFAULT_PORT,
    LocalServer,
    listen,
    local_server,
    local_url,
)
from pykvbinding.server.terminal import Terminal
from pykvbinding.wrangler.config import WranglerConfig

POLL_SECONDS = 0.2
"""Interval at which files are checked and data are saved."""


def serve(options: DevOptions, host: str, port: int | None, terminal: Terminal) -> int:
    """Serve until the server is stopped; return the exit status of the command."""
    log = Log(terminal)
    try:
        with log.capture_logging():
            project = WorkerProject(options)
            log.set_own_files(project.is_user_file, shows_location=len(project.locations) > 1)
            with listen(host, port) as listener:
                _serve(project, log, listener, host, port)
    except FileNotFoundError as error:
        print_missing_worker(terminal, str(error))
        return 1
    except (OSError, ValueError) as error:
        terminal.text(str(error), "red")
        return 1
    terminal.line()
    note = "" if options.persist is None else f" The data are in {shown_path(options.persist)}."
    terminal.line(f"Stopped.{note}")
    return 0


def _serve(project: WorkerProject, log: Log, listener: socket, host: str, port: int | None) -> None:
    """Print the banner, serve, and save the data at the end."""
    tasks = PeriodicTasks(project, log)
    with suppress(KeyboardInterrupt):  # until the server captures signals
        project.start()
        wanted = DEFAULT_PORT if port is None else port
        server = local_server(App(project, log, host, tasks.refresh, tasks.deliver))
        with server.capture_signals():  # from the banner on, because it mentions Ctrl-C
            _print_banner(log.terminal, project, local_url(listener, host), wanted)
            if project.failure is not None:
                log.failure(project.failure)
            asyncio.run(_run(server, listener, tasks))
    tasks.save(is_last=True)


class PeriodicTasks:
    """Tasks between requests: reload changed files, save data, deliver messages."""

    def __init__(self, project: WorkerProject, log: Log) -> None:
        self._project = project
        self._log = log
        self._queue_delivery = QueueDelivery(project, log)
        self._last_save_error = ""

    def refresh(self) -> None:
        """Reload the Worker if its files have changed, and log the result."""
        started = perf_counter()
        changed = self._project.refresh()
        if changed:
            self._log.files_changed(changed, perf_counter() - started, self._project.failure)

    def deliver(self) -> None:
        """Deliver messages that were sent to queues."""
        self._queue_delivery.poll()

    def save(self, *, is_last: bool = False) -> None:
        """Save changed data. An error is reported once, and saving is tried again."""
        try:
            self._project.save(is_last=is_last)
            self._last_save_error = ""
        except OSError as error:
            if str(error) != self._last_save_error or is_last:
                self._log.terminal.text(f"Data could not be saved: {error}", "red")
            self._last_save_error = str(error)

    async def finish(self) -> None:
        """Wait for deliveries, and log deferred exceptions."""
        await self._queue_delivery.finished()
        self._log.exceptions()


async def _run(server: LocalServer, listener: socket, tasks: PeriodicTasks) -> None:
    """Serve, and run the periodic tasks, until the server is stopped."""
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    while not (await asyncio.wait([serving], timeout=POLL_SECONDS))[0]:
        tasks.refresh()
        tasks.deliver()
        tasks.save()
    await serving
    await tasks.finish()


def _print_banner(terminal: Terminal, project: WorkerProject, url: str, wanted: int) -> None:
    """Write the banner."""
    options, config = project.options, project.config
    port = int(url.rpartition(":")[2])
    data = BannerData(
        name=config.name or config.path.parent.name,
        config=config.path,
        environment=config.environment,
        url=url,
        port_in_use=wanted if wanted not in (0, port) else None,
        namespaces=project.namespaces.sizes(),
        variables=tuple(config.vars),
        secrets=tuple(project.secrets),
        secret_files=project.secret_files,
        other_bindings=_other_bindings(config),
        locations=project.locations,
        location=project.location,
        data=options.persist,
        watched_paths=project.watched_paths if options.reloads else None,
        crons=config.crons,
    )
    print_banner(terminal, data)


def _other_bindings(config: WranglerConfig) -> list[tuple[str, str]]:
    """Return the bindings other than KV: a label, and a description."""
    objects = [f"{binding.name} ({binding.class_name})" for binding in config.durable_objects]
    queues = [f"{producer.binding} ({producer.queue})" for producer in config.queues]
    unsupported = [f"{other.name} ({other.kind})" for other in config.other_bindings]
    lines = [("objects", ", ".join(objects)), ("queues", ", ".join(queues))]
    if unsupported:
        lines.append(("missing", f"{', '.join(unsupported)}: not emulated; using one is an error"))
    return lines
