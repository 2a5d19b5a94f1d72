"""`workers.gateway`: what the ASGI and the WSGI door have in common."""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from pykvbinding.workers.standin import refusals

EncodeBody = Literal["automatic", "manual"]

NULL_BODY_STATUSES: Final = frozenset({101, 103, 204, 205, 304})
"""The statuses with which a response has no body (Fetch standard)."""


@dataclass(frozen=True, kw_only=True)
class BaseOptions:
    """How an app's answers become responses.

    `encode_body="manual"` says that bodies are encoded as their Content-Encoding tells already.

    Raises: ValueError, "encode_body must be one of ('automatic', 'manual'), got …"
    """

    encode_body: EncodeBody = "automatic"

    def __post_init__(self) -> None:
        known = get_args(EncodeBody)
        if self.encode_body not in known:
            raise refusals.unknown_encode_body(known, self.encode_body)

    def response_init(self) -> dict[str, Any]:
        """What the JavaScript Response gets beside status and headers."""
        return {} if self.encode_body == "automatic" else {"encodeBody": self.encode_body}
