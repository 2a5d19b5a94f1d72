"""The texts with which `pykvbinding.workers` refuses, apart from those of JavaScript's values."""

from collections.abc import Iterable

from pykvbinding.errors import JsException

# --- install and the modules it publishes ---


def other_installation(*, sdk: bool) -> ValueError:
    there = "our own `workers`" if sdk else "the real SDK"
    return ValueError(
        f"install(sdk={sdk}): {there} is installed already; "
        "take that back first, or leave `sdk` out to use it"
    )


def not_installed(what: str) -> RuntimeError:
    return RuntimeError(f"{what} without install(): nothing is installed")


def sdk_missing() -> ModuleNotFoundError:
    return ModuleNotFoundError(
        "install(sdk=True): the Python Workers SDK is not importable; "
        "pip install workers-runtime-sdk, or leave `sdk` out to use our own `workers`",
        name="workers",
    )


def module_not_emulated(name: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f"{name} is not emulated by pykvbinding", name=name)


def no_attribute(module: str, name: str) -> AttributeError:
    return AttributeError(f"module {module!r} has no attribute {name!r}")


def javascript_module_not_emulated(name: str) -> NotImplementedError:
    return NotImplementedError(
        f"import_from_javascript({name!r}) is not emulated by pykvbinding, which runs no "
        "JavaScript; in a test, patch what your code imports"
    )


def outside_of_invocations() -> JsException:
    return JsException(
        "Error",
        "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or "
        "connect()), setting a timeout, and generating random values are not allowed within "
        "global scope. To fix this error, perform this operation within a handler. "
        "https://developers.cloudflare.com/workers/runtime-apis/handlers/",
    )


def not_in_cloudflare_workers(name: str) -> AttributeError:
    return AttributeError(
        f"cloudflare:workers has env and waitUntil in pykvbinding; {name} is not emulated"
    )


def sockets_not_emulated() -> NotImplementedError:
    return NotImplementedError(
        "connect of cloudflare:sockets is not emulated by pykvbinding; in a test, patch what your "
        "code connects with"
    )


# --- what the runtime has and this emulator has not ---


def not_emulated(name: str, instead: str) -> NotImplementedError:
    return NotImplementedError(f"{name} is not emulated by pykvbinding; {instead}")


# --- the runner: what a test gives, and what a Worker's files say ---


def env_outside(name: str) -> RuntimeError:
    return RuntimeError(
        f"workers.env.{name}: no Worker is running, so there is no env. "
        "A test has it as worker.env; code of a Worker, within an invocation"
    )


def no_main(path: object) -> ValueError:
    return ValueError(
        f'{path} names no Worker: it has no "main". Write "main": "src/entry.py" into it'
    )


def main_missing(path: object, main: str) -> FileNotFoundError:
    return FileNotFoundError(f'{path}: The entry-point file at "{main}" was not found.')


def main_not_python(path: object, main: str) -> ValueError:
    return ValueError(
        f'{path}: "main" is {main}, and pykvbinding runs Python Workers only: a file ending in .py'
    )


def no_entrypoint(where: str) -> ValueError:
    return ValueError(
        f"{where} has no entrypoint: neither a class Default(WorkerEntrypoint) nor a function "
        "on_fetch. Write class Default(WorkerEntrypoint): async def fetch(self, request): ..."
    )


def not_a_worker(source: object) -> TypeError:
    return TypeError(
        f"Worker.load({source!r}): give a wrangler file, its directory, a module, or a class that "
        "is a WorkerEntrypoint"
    )


def several_worlds(first: str, second: str) -> TypeError:
    return TypeError(
        f"Worker.load({first}=…, {second}=…): {first} has its own. "
        f"Give {second} to what you make it of"
    )


def environment_without_file(env: str) -> TypeError:
    return TypeError(
        f"Worker.load(…, env={env!r}): the name of an environment is for a wrangler file; "
        "for a module or a class give an Env"
    )


def nothing_to_reload() -> TypeError:
    return TypeError(
        "reload() is for a Worker of a file; Worker.load(cls) again runs another class"
    )


def location_without_network(at: object) -> ValueError:
    return ValueError(
        f"at={at!r}: this Worker runs in no network. "
        'Write worker.on(EdgeNetwork("LHR", "NRT", bindings=worker.env)) first'
    )


def network_lacks(lacking: list[str], names: list[str]) -> ValueError:
    shown = ", ".join(map(repr, names))
    return ValueError(
        f"the network has no binding {', '.join(map(repr, lacking))}, which the Worker's wrangler "
        f"file has. Make it with EdgeNetwork(…, bindings=[{shown}]), or with bindings=worker.env"
    )


def not_a_world(value: object) -> TypeError:
    return TypeError(f"on({value!r}): give an EdgeNetwork or an Env")


def no_resource(resource: object) -> TypeError:
    return TypeError(f'fetch({resource!r}): give a path as in "/notes?page=2", a URL, or a Request')


def several_bodies() -> TypeError:
    return TypeError("fetch(…): a request has one body; give one of json, form and body")


def no_body(body: object) -> TypeError:
    return TypeError(
        f"fetch(body=…) is no {type(body).__name__}: to send one, write json=… or form=…; "
        "a body is str, bytes, a stream, a Blob or a form"
    )


def binding_not_emulated(name: str, kind: str) -> NotImplementedError:
    return NotImplementedError(
        f"env.{name} ({kind}) is not emulated by pykvbinding; supply your own with "
        f"Worker.load(…, bindings={{{name!r}: …}}), or worker.env.{name} = …"
    )


# --- the world outside ---


def not_a_mock(mock: object) -> TypeError:
    return TypeError(
        f"mock_fetch({mock!r}): give a function of the request, or a dict as in "
        '{"https://api.example.com/*": {"ok": True}}'
    )


def no_mock(method: str, url: str) -> RuntimeError:
    return RuntimeError(
        f"fetch of {method} {url}: tests reach no network. "
        f"Say what it answers: worker.mock_fetch({{{url!r}: …}})"
    )


def unmatched_fetch(method: str, url: str, patterns: Iterable[str]) -> RuntimeError:
    return RuntimeError(
        f"fetch of {method} {url}: mock_fetch has no answer for it; "
        f"there are {', '.join(map(repr, patterns))}"
    )


def not_an_answer(url: str, answer: object) -> TypeError:
    return TypeError(
        f"mock_fetch: {answer!r} answers nothing of {url}; give a Response, a str or bytes, a dict "
        "or list (JSON), an int (status), an exception, or a function that returns one"
    )


# --- Durable Objects ---


def storage_not_emulated(name: str) -> NotImplementedError:
    return NotImplementedError(
        f"ctx.storage.{name} is not emulated by pykvbinding; "
        "ctx.storage has get, put, delete, deleteAll, list, transaction and alarms"
    )


def no_durable_class(binding: str, name: str, known: Iterable[str]) -> ValueError:
    there = f"there are {', '.join(known)}" if known else "there is none"
    return ValueError(
        f"env.{binding}: the main module has no class {name}(DurableObject); {there}. "
        '"class_name" in the wrangler file names one'
    )


def no_such_alarm(binding: str, who: str) -> ValueError:
    return ValueError(f"the object {who} of {binding} has set no alarm; setAlarm() sets one")


def not_a_durable_binding(name: str, known: Iterable[str]) -> LookupError:
    there = f"there are {', '.join(map(repr, known))}" if known else "there are none"
    return LookupError(f"no Durable Objects are bound as {name!r}; {there}")


def state_not_emulated(name: str) -> NotImplementedError:
    return NotImplementedError(
        f"ctx.{name} of a Durable Object is not emulated by pykvbinding; ctx has id, storage, "
        "waitUntil, blockConcurrencyWhile and abort"
    )


def no_dump() -> ValueError:
    return ValueError(
        "load() takes the bytes that worker.durable.dump() returned; these are others"
    )


def not_instantiable(name: str) -> TypeError:
    return TypeError(f"{name} cannot be instantiated.")


def cannot_switch_stacks() -> RuntimeError:
    return RuntimeError(
        "Cannot stack switch because the Python entrypoint was a synchronous function. Use "
        "pyFunc.callPromising() to fix."
    )


def run_sync_waits() -> RuntimeError:
    return RuntimeError(
        "run_sync: what is awaited has to wait for something else on the event loop, which "
        "pykvbinding cannot let run meanwhile; use await"
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
