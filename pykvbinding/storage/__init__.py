"""Records and the stores that hold them: the sorted-map engine, the `Store` protocol, snapshots."""
