"""`pyodide.webloop`: placeholders that are not emulated."""

import pytest

from pykvbinding.workers.pyodide.webloop import WebLoop, WebLoopPolicy


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            WebLoop,
            "pyodide.webloop.WebLoop is not emulated by pykvbinding; the event loop of the test "
            "runs",
        ),
        (
            WebLoopPolicy,
            "pyodide.webloop.WebLoopPolicy is not emulated by pykvbinding; asyncio has its own",
        ),
    ],
    ids=["WebLoop", "WebLoopPolicy"],
)
def test_webloop_is_not_emulated(made: type, message: str) -> None:
    with pytest.raises(NotImplementedError) as caught:
        made()

    assert str(caught.value) == message
