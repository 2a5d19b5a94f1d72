"""The two kinds of `workers`: our own, and that of the SDK, where it is installed."""

from importlib.util import find_spec

import pytest

needs_sdk = pytest.mark.skipif(
    find_spec("workers") is None,
    reason="the SDK is not installed (pip install workers-runtime-sdk)",
)

KINDS = [pytest.param(False, id="standin"), pytest.param(True, id="sdk", marks=needs_sdk)]
"""What `install` takes as `sdk`."""
