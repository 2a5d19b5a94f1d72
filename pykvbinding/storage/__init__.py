"""Records and their storage: the sorted-map engine, the `Store` protocol, and snapshots."""
