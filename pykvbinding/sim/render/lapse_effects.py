"""Selection of the effects of a lapse of time that matter to later operations."""

from collections.abc import Iterable, Sequence

from pykvbinding.sim.trace import LIST_TTL, Event, LapseEffect

_ORDER = ("limit", "expiry", "copy", "timer")


def select_lapse_effects(lapse: Event, later: Iterable[Event]) -> list[list[LapseEffect]]:
    """Return the effects of a lapse that matter, grouped; effects of one key that differ only in
    version form one group, oldest version first.

    A write limit matters to a later write of the key; an expiration and the age of a copy matter to
    a later read. If no effect matters, return the effect at the end of the lapse.
    """
    written: set[tuple[str, str]] = set()
    read: set[tuple[str, str, float]] = set()
    for event in later:
        key_ids = [(event.binding, access.key) for access in event.accesses]
        if event.kind in ("put", "delete"):
            written.update(key_ids)
        else:
            ttl = LIST_TTL if event.cache_ttl is None else event.cache_ttl
            read.update((*name, ttl) for name in key_ids)

    def matters(effect: LapseEffect) -> bool:
        name = (effect.binding, effect.key)
        if effect.kind == "limit":
            return name in written
        if effect.kind == "expiry":
            return any(item[:2] == name for item in read)
        return effect.kind == "timer" or (*name, effect.cache_ttl) in read

    relevant = [effect for effect in lapse.lapse_effects if matters(effect)]
    return _group(
        relevant or [effect for effect in lapse.lapse_effects if effect.at == lapse.at][:1]
    )


def _group(effects: Sequence[LapseEffect]) -> list[list[LapseEffect]]:
    groups: dict[tuple[object, ...], list[LapseEffect]] = {}
    for effect in sorted(effects, key=lambda effect: (_ORDER.index(effect.kind), effect.version)):
        group = (effect.kind, effect.binding, effect.key, effect.cache_ttl, effect.invocation)
        groups.setdefault(group, []).append(effect)
    return list(groups.values())
