"""`pyodide.code`: evaluation of Python source. JavaScript source is not emulated."""

import inspect
from collections.abc import Callable
from functools import wraps
from inspect import Parameter
from types import CodeType
from typing import Any

from pykvbinding.workers.pyodide import errors

__all__ = ["eval_code", "eval_code_async", "find_imports", "relaxed_call", "relaxed_wrap", "run_js"]


def run_js(code: str, /) -> Any:
    """Raises: NotImplementedError; TypeError if `code` is not a str."""
    if not isinstance(code, str):
        raise errors.code_not_text(code)
    raise NotImplementedError(
        "pyodide.code.run_js is not emulated by pykvbinding; pykvbinding runs no JavaScript"
    )


def eval_code(source: str, globals: dict[str, Any] | None = None, **options: Any) -> Any:  # noqa: ARG001
    """Run Python source and return the value of its last expression, if it ends with one."""
    namespace = {} if globals is None else globals
    value = None
    for part in _compile(source):
        value = eval(part, namespace)  # noqa: S307 -- the purpose of eval_code
    return value


async def eval_code_async(
    source: str,
    globals: dict[str, Any] | None = None,
    **options: Any,  # noqa: ARG001
) -> Any:
    """Like `eval_code`; the source may use `await`."""
    namespace = {} if globals is None else globals
    value = None
    for part in _compile(source):
        value = eval(part, namespace)  # noqa: S307
        value = await value if part.co_flags & inspect.CO_COROUTINE else value
    return value


def _compile(source: str) -> list[CodeType]:
    """Return the code of `source`, and separately that of an expression at its end."""
    import ast

    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    parts = [compile(tree, "<exec>", "exec", flags=flags)]
    if isinstance(last, ast.Expr):
        parts.append(compile(ast.Expression(last.value), "<exec>", "eval", flags=flags))
    return parts


def find_imports(source: str) -> list[str]:
    """Return the modules that `source` imports, sorted.

    >>> find_imports("import js\\nfrom a.b import c")
    ['a', 'a.b', 'js']
    """
    import ast

    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            modules.add(node.module)
    parents = {name[:index] for name in modules for index, char in enumerate(name) if char == "."}
    return sorted(modules | parents)


def relaxed_call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call `function` without the arguments for which it has no parameter."""
    return relaxed_wrap(function)(*args, **kwargs)


def relaxed_wrap(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a wrapper of `function` that ignores arguments for which it has no parameter.

    >>> relaxed_wrap(lambda a: a)(1, 2, b=3)
    1
    """
    parameters = inspect.signature(function).parameters
    kinds = [parameter.kind for parameter in parameters.values()]
    keyword_kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    names = {name for name, parameter in parameters.items() if parameter.kind in keyword_kinds}
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    count = None if Parameter.VAR_POSITIONAL in kinds else sum(kind in positional for kind in kinds)

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if Parameter.VAR_KEYWORD not in kinds:
            kwargs = {name: value for name, value in kwargs.items() if name in names}
        return function(*args[:count], **kwargs)

    return wrapper
