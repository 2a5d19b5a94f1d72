"""Errors of Pyodide, in its exact wording."""


def not_instantiable(name: str) -> TypeError:
    return TypeError(f"{name} cannot be instantiated.")


def cannot_switch_stacks() -> RuntimeError:
    return RuntimeError(
        "Cannot stack switch because the Python entrypoint was a synchronous function. Use "
        "pyFunc.callPromising() to fix."
    )


def js_module_argument(name: str, wanted: str, given: object) -> TypeError:
    return TypeError(f"Argument {name!r} must be a {wanted}, not {type(given).__name__!r}")


def js_module_unknown(name: str) -> ValueError:
    return ValueError(
        f"Cannot unregister {name!r}: no Javascript module with that name is registered"
    )


def no_abort_controller() -> ValueError:
    return ValueError("abort_controller is not set")


def code_not_text(given: object) -> TypeError:
    return TypeError(f"argument should have type 'string' not type '{type(given).__name__}'")
