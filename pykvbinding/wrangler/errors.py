"""The errors of wrangler that are not diagnostics of `validate`.

The path before a message, and the advice after it, are ours.
"""


def config_encoding(path: object, encoding: str) -> ValueError:
    return ValueError(
        f"{path}: Configuration file contains {encoding} byte order marker. "
        "Please save the file as UTF-8 without BOM."
    )


def config_large_integer(path: object, value: int) -> ValueError:
    return ValueError(
        f"{path}: Invalid TOML document: integer value cannot be represented losslessly: {value}. "
        "Write it as a string"
    )


def config_python_flag() -> ValueError:
    return ValueError("The `python_workers` compatibility flag is required to use Python.")
