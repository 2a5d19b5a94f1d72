"""The benchmarks by name."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from benchmarks import (
    edge,
    explorers,
    large,
    layers,
    lists,
    memory,
    miniflare,
    peers,
    plugin,
    reads,
    schedules,
    serving,
    start,
    traffic,
    workers,
    writes,
)
from benchmarks.row import Row, Skipped
from benchmarks.sizes import Sizes

Benchmark: TypeAlias = Callable[[Sizes], Iterator[Row | Skipped]]

CATALOGUE: Final[tuple[tuple[str, Benchmark], ...]] = (
    ("get", reads.get),
    ("put", writes.put),
    ("put-new", writes.put_new),
    ("get-many", reads.get_many),
    ("list", lists.list_small),
    ("list-large", lists.list_large),
    ("memory", memory.memory),
    ("import", start.start),
    ("plugin", plugin.plugin),
    ("edge-hit", edge.hit),
    ("traffic", traffic.traffic),
    ("edge-miss", edge.miss),
    ("edge-put", edge.put),
    ("edge-list", edge.page),
    ("locations", traffic.locations),
    ("layers", layers.layers),
    ("schedule", schedules.operation),
    ("schedule-run", schedules.run),
    ("schedule-proof", schedules.proof),
    ("schedule-polish", schedules.polish),
    ("worker-fetch", workers.fetch),
    ("worker-start", workers.first_response),
    ("dev", serving.serving),
    ("get-json", reads.get_json),
    ("get-with-metadata", reads.get_with_metadata),
    ("put-options", writes.put_with_options),
    ("bulk", writes.bulk),
    ("get-25-mib", large.get_large),
    ("put-25-mib", large.put_large),
    ("list-expired", lists.list_after_expiry),
    ("dict-fake", peers.dict_fake),
    ("fakeredis", peers.fakeredis),
    ("simloom", explorers.simloom),
    ("frontrun", explorers.frontrun),
    ("miniflare", miniflare.miniflare),
)
