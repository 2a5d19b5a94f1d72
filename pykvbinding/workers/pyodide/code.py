"""`pyodide.code`: Python code from a text; JavaScript from a text is not emulated."""

import inspect
from collections.abc import Callable
from functools import wraps
from inspect import Parameter
from types import CodeType
from typing import Any

from pykvbinding.workers.pyodide import errors

__all__ = ["eval_code", "eval_code_async", "find_imports", "relaxed_call", "relaxed_wrap", "run_js"]


def run_js(code: str, /) -> Any:
    """Raises: NotImplementedError: nothing here runs JavaScript; TypeError for what is no str."""
    if not isinstance(code, str):
        raise errors.code_not_text(code)
    raise NotImplementedError(
        "pyodide.code.run_js is not emulated by pykvbinding; pykvbinding runs no JavaScript"
    )


def eval_code(source: str, globals: dict[str, Any] | None = None, **options: Any) -> Any:  # noqa: ARG001
    """Run Python code; the value of its last line, if that is an expression."""
    world = {} if globals is None else globals
    value = None
    for part in _parts(source):
        value = eval(part, world)  # noqa: S307 -- what it is for
    return value


async def eval_code_async(
    source: str,
    globals: dict[str, Any] | None = None,
    **options: Any,  # noqa: ARG001
) -> Any:
    """As `eval_code`; the code may `await`."""
    world = {} if globals is None else globals
    value = None
    for part in _parts(source):
        value = eval(part, world)  # noqa: S307
        value = await value if part.co_flags & inspect.CO_COROUTINE else value
    return value


def _parts(source: str) -> list[CodeType]:
    """The code of `source`, and apart from it that of an expression at its end."""
    import ast

    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    parts = [compile(tree, "<exec>", "exec", flags=flags)]
    if isinstance(last, ast.Expr):
        parts.append(compile(ast.Expression(last.value), "<exec>", "eval", flags=flags))
    return parts


def find_imports(source: str) -> list[str]:
    """The modules that `source` imports, in order.

    >>> find_imports("import js\\nfrom a.b import c")
    ['a', 'a.b', 'js']
    """
    import ast

    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module)
    parents = {name[:place] for name in found for place, at in enumerate(name) if at == "."}
    return sorted(found | parents)


def relaxed_call(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call `function` without the arguments that it has no parameter for."""
    return relaxed_wrap(function)(*arguments, **named)


def relaxed_wrap(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, but it ignores arguments that it has no parameter for.

    >>> relaxed_wrap(lambda a: a)(1, 2, b=3)
    1
    """
    parameters = inspect.signature(function).parameters
    kinds = [parameter.kind for parameter in parameters.values()]
    named_kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    names = {name for name, parameter in parameters.items() if parameter.kind in named_kinds}
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    count = None if Parameter.VAR_POSITIONAL in kinds else sum(kind in positional for kind in kinds)

    @wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        if Parameter.VAR_KEYWORD not in kinds:
            named = {name: value for name, value in named.items() if name in names}
        return function(*arguments[:count], **named)

    return wrapper
