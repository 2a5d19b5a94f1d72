"""Every text about a file that cannot be read: a wrangler file, or a recorded history.

They are built-in errors, as in `misuse`. What wrangler itself says is in `diagnosis`.
"""

from collections.abc import Iterable


def config_missing(path: object) -> FileNotFoundError:
    return FileNotFoundError(f"there is no file {path}; give a wrangler file or its directory")


def config_not_found(folder: object, names: Iterable[str]) -> FileNotFoundError:
    return FileNotFoundError(
        f"there is none of {', '.join(names)} in {folder} or in a directory above it"
    )


def config_unknown_format(path: object) -> ValueError:
    return ValueError(
        f"{path}: a wrangler file ends in .json, .jsonc or .toml; give one, or its directory"
    )


def config_encoding(path: object, encoding: str) -> ValueError:
    return ValueError(
        f"{path}: Configuration file contains {encoding} byte order marker. "
        "Please save the file as UTF-8 without BOM."
    )


def config_syntax(path: object, line: int, column: int, what: str) -> ValueError:
    return ValueError(f"{path}:{line}:{column}: {what}")


def config_needs_pyjson5(path: object, line: int, column: int, what: str) -> ValueError:
    return ValueError(
        f"{path}:{line}:{column}: {what}. If the file holds comments or trailing commas: "
        "pip install pyjson5 reads them"
    )


def config_large_integer(path: object, value: int) -> ValueError:
    return ValueError(
        f"{path}: Invalid TOML document: integer value cannot be represented losslessly: {value}. "
        "Write it as a string"
    )


def config_not_an_object(path: object, what: str, got: str) -> ValueError:
    return ValueError(f"{path}: {what} should be an object but got {got}.")


def config_invalid(text: str) -> ValueError:
    return ValueError(text)


def config_python_flag() -> ValueError:
    return ValueError("The `python_workers` compatibility flag is required to use Python.")


# A recorded history


def history_not_json(where: str, why: str) -> ValueError:
    return ValueError(f"{where} is no operation: {why}. Write a JSON object on a line of its own")


def history_field(where: str, name: str, value: object, right: str) -> ValueError:
    return ValueError(f"{where}: {name} is {value!r}; it has to be {right}")


def history_order(key: str) -> ValueError:
    return ValueError(
        f"which version of {key!r} came first cannot be told: it was written twice at once, or by "
        "several sessions from several locations. Record the versions of its operations"
    )


def history_written_twice(key: str, value: object) -> ValueError:
    return ValueError(
        f"which version of {key!r} was read as {value!r} cannot be told: it was written twice. "
        "Record the versions of its operations, or write values that are unique"
    )


def history_unwritten(key: str, values: Iterable[str]) -> ValueError:
    return ValueError(
        f"{key!r} was read as {' and as '.join(values)}, and nobody has written that. Record its "
        "writes, too, or the versions of its operations"
    )


def history_version_twice(key: str, version: int) -> ValueError:
    return ValueError(f"version {version} of {key!r} was written twice, by what was recorded")
