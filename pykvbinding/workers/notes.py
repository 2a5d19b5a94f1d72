"""What is said beside errors: notes on exceptions, and warnings in the log."""


def import_note(path: object, main: str, worker: str | None) -> str:
    named = "the Worker" if worker is None else f"the Worker {worker!r}"
    return f"while pykvbinding imported {main}, which is {named} of {path}"


def src_note() -> str:
    return (
        "The directory of the main module is on the module path itself, as on the platform: "
        "write `import x`, not `import src.x`"
    )


def legacy_handlers(path: object, since: str) -> str:
    return (
        f"{path}: on_fetch and its like are called up to the compatibility date {since}; after "
        "that the platform looks for class Default(WorkerEntrypoint) alone. "
        'Write one, or "compatibility_flags": ["disable_python_no_global_handlers"]'
    )


def traceback_of(error: BaseException) -> str:
    """What Pyodide makes the message of a PythonError."""
    from traceback import format_exception

    return "".join(format_exception(error))


# Queues: workerd's words.


def message_after_all(id: str, call: str, all_of_them: str) -> str:
    return (
        f"Received a call to {call}() on message {id} after {all_of_them}All() was already "
        f"called. Calling {call}() on a message after calling {all_of_them}All() has no effect."
    )


def message_decided(id: str, call: str, said: str) -> str:
    return (
        f"Received a call to {call}() on message {id} after {said}() was already called. "
        f"Calling {call}() on a message after calling {said}() has no effect."
    )


def batch_decided(call: str, said: str) -> str:
    return (
        f"Received a call to {call}All() after {said}All() was already called. "
        f"Calling {call}All() after calling {said}All() has no effect."
    )
