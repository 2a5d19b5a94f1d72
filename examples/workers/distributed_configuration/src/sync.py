"""Convert the users' database to the file of a bulk write. This does not run in a Worker.

    sqlite3 -json users.db 'SELECT id, preview_features_enabled FROM users' | python src/sync.py \
        > bulk.json && npx wrangler kv bulk put bulk.json --binding USER_CONFIGURATION --remote

A bulk write is one request for up to 10,000 pairs, and can be repeated if it fails.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any


def bulk_of(users: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the pairs to write, one for each row."""
    return [
        {
            "key": str(user["id"]),
            "value": json.dumps(
                {"preview_features_enabled": bool(user["preview_features_enabled"])}
            ),
        }
        for user in users
    ]


if __name__ == "__main__":
    json.dump(bulk_of(json.load(sys.stdin)), sys.stdout, indent=2)
