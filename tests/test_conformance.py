"""Programs that the real runtime has answered, replayed (conformance/*.jsonl)."""
