"""`pyodide.webloop`: its names are there, and say that they are not emulated."""

import pytest

from pykvbinding.workers.pyodide.webloop import WebLoop, WebLoopPolicy


@pytest.mark.parametrize("made", [WebLoop, WebLoopPolicy])
def test_the_loop_of_pyodide_is_not_emulated(made: type) -> None:
    with pytest.raises(NotImplementedError, match=rf"^pyodide\.webloop\.{made.__name__} is not em"):
        made()
