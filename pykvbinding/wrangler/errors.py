"""Every text about a wrangler file that cannot be read.

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
