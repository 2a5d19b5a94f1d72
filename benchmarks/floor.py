"""The floor of most rows: a dict fake, the usual alternative to an emulator."""

from typing import Any


class DictFake:
    """A namespace in six lines. Its `get` is the cheapest possible awaitable read."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    async def get(self, key: str) -> Any:
        """Return the value of the key."""
        return self.values.get(key)

    async def put(self, key: str, value: Any) -> None:
        """Store the value."""
        self.values[key] = value

    async def list(self) -> dict[str, Any]:
        """Return all keys, sorted, in the format of the platform."""
        return {"keys": [{"name": key} for key in sorted(self.values)], "list_complete": True}
