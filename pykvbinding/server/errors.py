"""What the commands refuse, and every text with which they do."""

from collections.abc import Sequence
from pathlib import Path

from pykvbinding.errors import JsException


def extra_missing(modules: Sequence[str]) -> RuntimeError:
    needed = " and ".join(modules)
    return RuntimeError(f"python -m pykvbinding needs {needed}: pip install 'pykvbinding[server]'")


def port_taken(host: str, port: int) -> OSError:
    return OSError(
        f"Port {port} of {host} is in use. Stop what listens there, or choose another: --port "
        f"{port + 1 if port < 65535 else port - 1}"
    )


def ports_taken(host: str, first: int, last: int) -> OSError:
    return OSError(
        f"Ports {first} to {last} of {host} are all in use. Choose another one: --port {last + 1}"
    )


def cannot_listen(host: str, port: int, reason: str) -> OSError:
    return OSError(f"Cannot listen on {host}, port {port}: {reason}")


def location_not_among(at: str, locations: Sequence[str]) -> ValueError:
    return ValueError(f"--at {at}: this is not one of --locations {','.join(locations)}")


def data_of_something_else(path: Path) -> ValueError:
    return ValueError(
        f"{path} was not written by --persist. It is left as it is; name another file."
    )


def data_damaged(path: Path) -> ValueError:
    return ValueError(
        f"{path} is damaged: its checksum is wrong, or its end is missing. It is left as it is; "
        "name another file, or start afresh: --clear"
    )


def data_newer(path: Path, version: int, known: int) -> ValueError:
    return ValueError(
        f"{path} was written by a newer pykvbinding (version {version} of the format; this one "
        f"reads up to {known})"
    )


def data_has_no_place(path: Path) -> OSError:
    return OSError(f"--persist {path}: there is no directory {path.parent} to put it into")


def data_is_a_directory(path: Path) -> OSError:
    return OSError(f"--persist {path}: this is a directory; name a file in it")


def no_connection() -> JsException:
    return JsException("Error", "Network connection lost.")


def redirected_too_often() -> JsException:
    return JsException("TypeError", "Too many redirects.")


def not_fetchable(url: str) -> JsException:
    return JsException("TypeError", f"Fetch API cannot load: {url}")
