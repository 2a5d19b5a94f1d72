"""`dev`: one Worker on localhost, from the banner to Ctrl-C."""

import asyncio
from contextlib import suppress
from socket import socket
from time import perf_counter

from pykvbinding.server.dev.app import App
from pykvbinding.server.dev.banner import Welcome, no_worker, shown_path, welcome
from pykvbinding.server.dev.log import Log
from pykvbinding.server.dev.project import Options, Session
from pykvbinding.server.dev.queue_delivery import Deliveries
from pykvbinding.server.http_server import DEFAULT_PORT, LocalServer, listen, local_server, url_of
from pykvbinding.server.terminal import Terminal
from pykvbinding.wrangler.config import WranglerConfig

POLL_SECONDS = 0.2
"""Between two looks at the files, and between two times that data are saved."""


def serve(options: Options, host: str, port: int | None, terminal: Terminal) -> int:
    """Serve until somebody stops it; the exit status of the command."""
    log = Log(terminal)
    try:
        with log.listening():
            session = Session(options)
            log.follow(session.is_own, several=len(session.locations) > 1)
            with listen(host, port) as listener:
                _serve(session, log, listener, host, port)
    except FileNotFoundError as error:
        no_worker(terminal, str(error))
        return 1
    except (OSError, ValueError) as error:
        terminal.text(str(error), "red")
        return 1
    terminal.line()
    kept = "" if options.persist is None else f" Data are in {shown_path(options.persist)}."
    terminal.line(f"Stopped.{kept}")
    return 0


def _serve(session: Session, log: Log, listener: socket, host: str, port: int | None) -> None:
    """Serve what is there, from the banner on."""
    chores = Chores(session, log)
    with suppress(KeyboardInterrupt):  # while nobody else looks out for it
        session.start()
        wanted = DEFAULT_PORT if port is None else port
        server = local_server(App(session, log, host, chores.refresh, chores.deliver))
        with server.capture_signals():  # from the banner on, which says how to stop it
            _greet(log.terminal, session, url_of(listener, host), wanted)
            if session.failure is not None:
                log.failure(session.failure)
            asyncio.run(_run(server, listener, chores))
    chores.save(is_last=True)


class Chores:
    """What is to be done between requests: files that change, data to save, messages."""

    def __init__(self, session: Session, log: Log) -> None:
        self._session = session
        self._log = log
        self._deliveries = Deliveries(session, log)
        self._complaint = ""

    def refresh(self) -> None:
        """Load the Worker again if its files have changed, and write down what came of it."""
        started = perf_counter()
        changed = self._session.refresh()
        if changed:
            self._log.changed(changed, perf_counter() - started, self._session.failure)

    def deliver(self) -> None:
        """Deliver what has been sent to queues."""
        self._deliveries.look()

    def save(self, *, is_last: bool = False) -> None:
        """Save data that have changed; if that fails, say so once and go on trying."""
        try:
            self._session.save(is_last=is_last)
            self._complaint = ""
        except OSError as error:
            if str(error) != self._complaint or is_last:
                self._log.terminal.text(f"Data could not be saved: {error}", "red")
            self._complaint = str(error)

    async def finish(self) -> None:
        """Let come to an end what has been begun."""
        await self._deliveries.finished()
        self._log.exceptions()


async def _run(server: LocalServer, listener: socket, chores: Chores) -> None:
    """Serve, and do what else there is to do now and then, until the server is stopped."""
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    while not (await asyncio.wait([serving], timeout=POLL_SECONDS))[0]:
        chores.refresh()
        chores.deliver()
        chores.save()
    await serving
    await chores.finish()


def _greet(terminal: Terminal, session: Session, url: str, wanted: int) -> None:
    """Write the banner."""
    options, config = session.options, session.config
    port = int(url.rpartition(":")[2])
    told = Welcome(
        name=config.name or config.path.parent.name,
        config=config.path,
        environment=config.environment,
        url=url,
        instead_of=wanted if wanted not in (0, port) else None,
        namespaces=session.namespaces.sizes(),
        variables=tuple(config.vars),
        secrets=tuple(session.secrets),
        secret_files=session.secret_files,
        others=_others(config),
        locations=session.locations,
        location=session.location,
        data=options.persist,
        watches=session.watches if options.reloads else None,
        crons=config.crons,
    )
    welcome(terminal, told)


def _others(config: WranglerConfig) -> list[tuple[str, str]]:
    """What is bound beside KV: a label, and what stands there."""
    objects = [f"{each.name} ({each.class_name})" for each in config.durable_objects]
    queues = [f"{each.binding} ({each.queue})" for each in config.queues]
    absent = [f"{each.name} ({each.kind})" for each in config.other_bindings]
    lines = [("objects", ", ".join(objects)), ("queues", ", ".join(queues))]
    if absent:
        lines.append(("missing", f"{', '.join(absent)}: not emulated; using one is an error"))
    return lines
