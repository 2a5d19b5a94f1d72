"""`fetch` as a Python Worker has it."""

from typing import Any

from pykvbinding.workers.pyodide.http import pyfetch
from pykvbinding.workers.standin.request import Request, method_name
from pykvbinding.workers.standin.response import Response


async def fetch(resource: Any, **other_options: Any) -> Response:
    """The response to a request that the handler makes.

    No handler under test reaches the network: the test supplies who answers.

    Raises: OSError with the words of what went wrong.
    """
    if isinstance(resource, Request):
        resource = resource.js_object
    if "method" in other_options:
        other_options["method"] = method_name(other_options["method"])
    answer = await pyfetch(resource, **other_options)
    return Response(answer.js_response)
