"""The floor under most rows: the fake that people write when they have no emulator."""

from typing import Any


class DictFake:
    """A namespace in six lines. Nothing that is awaited can be cheaper than its `get`."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    async def get(self, key: str) -> Any:
        """What is under the key."""
        return self.values.get(key)

    async def put(self, key: str, value: Any) -> None:
        """Keep the value."""
        self.values[key] = value

    async def list(self) -> dict[str, Any]:
        """Every key, sorted, in the platform's shape."""
        return {"keys": [{"name": key} for key in sorted(self.values)], "list_complete": True}
