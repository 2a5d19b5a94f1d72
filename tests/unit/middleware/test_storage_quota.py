"""`StorageQuota`: exact rejection, and few recounts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, VirtualClock
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.storage_quota import InFlightWrite, StorageQuota
from pykvbinding.storage.record import Record, record_size

LIMIT = 100


class CountingQuota(StorageQuota):
    """A quota that records how often all records are counted."""

    counts = 0

    def total(self, now: int) -> int:
        self.counts += 1
        return super().total(now)


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


@pytest.fixture
def quota(namespace: Namespace, clock: VirtualClock) -> CountingQuota:
    return account(clock, namespace)


def account(clock: VirtualClock, *namespaces: Namespace) -> CountingQuota:
    quota = CountingQuota(LIMIT, clock)
    for namespace in namespaces:
        quota.track(namespace)
    return quota


def sized(size: int, expiration: int | None = None) -> Record:
    """Return a record that uses `size` bytes with a key of one byte."""
    return Record("x" * (size - 1), expiration=expiration)


def take_effect(write: InFlightWrite) -> None:
    if write.record is None:
        write.namespace.store.engine.erase(write.key)
    else:
        write.namespace.store.engine.write(write.key, write.record)


def put(quota: StorageQuota, namespace: Namespace, key: str, record: Record | None) -> None:
    """Perform a successful write, a delete if `record` is `None`."""
    write = quota.reserve(namespace, key, record)
    take_effect(write)
    quota.release(write)


def fits(quota: StorageQuota, namespace: Namespace, key: str, size: int) -> bool:
    try:
        quota.release(quota.reserve(namespace, key, sized(size)))
    except KVError:
        return False
    return True


def room(quota: StorageQuota, namespace: Namespace) -> int:
    """Return whether a record of this size fits; nothing is stored."""
    return max(size for size in range(LIMIT + 2) if size == 0 or fits(quota, namespace, "~", size))


def test_an_overwrite_frees_the_old_size(quota: CountingQuota, namespace: Namespace) -> None:
    put(quota, namespace, "k", sized(100))

    put(quota, namespace, "k", sized(100))

    assert not fits(quota, namespace, "k", 101)
    assert not fits(quota, namespace, "l", 1)


def test_expired_records_do_not_count(
    quota: CountingQuota, namespace: Namespace, clock: VirtualClock
) -> None:
    put(quota, namespace, "k", sized(100, clock.now_seconds() + 60))
    clock.advance(59)
    before = fits(quota, namespace, "l", 1)
    clock.advance(1)

    assert (before, fits(quota, namespace, "l", 100)) == (False, True)


def test_an_expired_record_of_the_written_key_does_not_count(
    quota: CountingQuota, namespace: Namespace, clock: VirtualClock
) -> None:
    put(quota, namespace, "a", sized(30))
    put(quota, namespace, "b", sized(10, clock.now_seconds() + 60))
    put(quota, namespace, "k", sized(60, clock.now_seconds() + 60))
    clock.advance(60)

    put(quota, namespace, "k", sized(70))

    assert room(quota, namespace) == 0


def test_counts_all_namespaces_together(clock: VirtualClock) -> None:
    one, other = (KVNamespace(clock=clock).namespace for _ in range(2))
    quota = account(clock, one, other)
    put(quota, one, "k", sized(60))

    assert not fits(quota, other, "k", 41)
    assert fits(quota, other, "k", 40)


def test_direct_writes_are_counted(quota: CountingQuota, namespace: Namespace) -> None:
    put(quota, namespace, "a", sized(10))
    namespace.seed({"s": "x" * 49})
    after_seed = room(quota, namespace)
    snapshot = namespace.dump()
    namespace.clear()
    after_clear = room(quota, namespace)
    namespace.load(snapshot)

    assert (after_seed, after_clear, room(quota, namespace)) == (40, 100, 40)


def test_a_failed_write_uses_no_space(quota: CountingQuota, namespace: Namespace) -> None:
    put(quota, namespace, "k", sized(90))
    for _ in range(3):
        quota.release(quota.reserve(namespace, "k", sized(20)))

    assert room(quota, namespace) == 10


def test_a_write_in_flight_reserves_its_space(quota: CountingQuota, namespace: Namespace) -> None:
    write = quota.reserve(namespace, "a", sized(60))
    while_in_flight = fits(quota, namespace, "b", 41), fits(quota, namespace, "b", 40)
    quota.release(write)

    assert while_in_flight == (False, True)
    assert room(quota, namespace) == 100


def test_concurrent_writes_of_one_key_need_the_space_of_one(
    quota: CountingQuota, namespace: Namespace
) -> None:
    put(quota, namespace, "k", sized(80))
    first = quota.reserve(namespace, "k", sized(90))
    second = quota.reserve(namespace, "k", sized(100))
    take_effect(first)
    take_effect(second)
    quota.release(first)
    quota.release(second)

    assert room(quota, namespace) == 0


def test_a_recount_during_a_write_does_not_free_the_old_size_twice(
    quota: CountingQuota, namespace: Namespace
) -> None:
    put(quota, namespace, "k", sized(80))
    first = quota.reserve(namespace, "k", sized(50))
    take_effect(first)
    second = quota.reserve(namespace, "l", sized(10))
    quota.release(first)
    take_effect(second)
    quota.release(second)

    assert room(quota, namespace) == 40


def test_concurrent_writes_free_the_replaced_record_once(
    quota: CountingQuota, namespace: Namespace
) -> None:
    put(quota, namespace, "other", Record("x" * 15))
    put(quota, namespace, "k", sized(40))
    first = quota.reserve(namespace, "k", sized(10))
    second = quota.reserve(namespace, "k", sized(10))
    for write in (first, second):
        take_effect(write)
        quota.release(write)

    assert room(quota, namespace) == 70


def test_a_delete_is_never_rejected_and_frees_space(
    quota: CountingQuota, namespace: Namespace
) -> None:
    namespace.seed({"k": "x" * 500})

    put(quota, namespace, "k", None)

    assert room(quota, namespace) == 100


def test_a_write_far_below_the_limit_does_not_recount(
    quota: CountingQuota, namespace: Namespace
) -> None:
    put(quota, namespace, "0", sized(1))
    first = quota.counts
    for number in range(50):
        put(quota, namespace, str(number % 5), sized(10))
        put(quota, namespace, str(number % 7), None)

    assert (first, quota.counts) == (1, 1)


def test_overwrites_at_the_limit_do_not_recount(quota: CountingQuota, namespace: Namespace) -> None:
    put(quota, namespace, "k", sized(100))
    before = quota.counts
    for _ in range(50):
        put(quota, namespace, "k", sized(100))

    assert quota.counts == before


def test_a_rejected_write_has_no_effect(quota: CountingQuota, namespace: Namespace) -> None:
    put(quota, namespace, "k", sized(60))
    for _ in range(3):
        assert not fits(quota, namespace, "l", 41)

    assert fits(quota, namespace, "l", 40)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "delete", "seed", "clear", "pass", "end"]),
        st.sampled_from("abc"),
        st.integers(1, 70),
        st.sampled_from([None, None, 60, 120]),
        st.sampled_from(["takes effect", "fails", "stays in flight", "takes effect in flight"]),
    ),
    max_size=30,
)


@example(
    [
        ("put", "a", 18, None, "takes effect in flight"),
        ("put", "a", 39, None, "takes effect"),
        ("put", "a", 2, None, "takes effect"),
        ("put", "b", 44, None, "takes effect"),
    ]
)
@given(STEPS)
def test_rejects_a_put_exactly_if_it_would_exceed_the_limit(
    steps: list[tuple[str, str, int, int | None, str]],
) -> None:
    clock = VirtualClock()
    namespaces = [KVNamespace(clock=clock).namespace for _ in range(2)]
    quota = account(clock, *namespaces)
    in_flight: list[InFlightWrite] = []
    effective: set[int] = set()

    def total(new: InFlightWrite | None) -> int:
        """Return the bytes of live records after all writes in flight take effect in order."""
        now = clock.now_seconds()
        writes = [*in_flight, new] if new else in_flight
        records: dict[tuple[int, str], Record | None] = {
            (id(each), key): record
            for each in namespaces
            for key, record in each.store.engine.items(now)
        }
        records |= {(id(each.namespace), each.key): each.record for each in writes}
        return sum(record_size(key, record) for (_, key), record in records.items())

    for action, key, size, ttl, outcome in steps:
        namespace = namespaces[size % 2]
        if action == "seed":
            namespace.seed({key: "x" * size})
        elif action == "clear":
            namespace.clear()
        elif action == "pass":
            clock.advance(size)
        elif action == "end":
            for write in in_flight:
                if write.number not in effective:
                    take_effect(write)
                quota.release(write)
            in_flight.clear()
        else:
            expiration = None if ttl is None else clock.now_seconds() + ttl
            record = None if action == "delete" else sized(size, expiration)
            new = InFlightWrite(0, namespace, key, record)
            if record is not None and total(new) > LIMIT:
                with pytest.raises(KVError, match=f"Stored data of {total(new)} exceeds"):
                    quota.reserve(namespace, key, record)
                continue
            write = quota.reserve(namespace, key, record)
            if outcome.startswith("takes effect"):
                take_effect(write)
                effective.add(write.number)
            if outcome.endswith("in flight"):
                in_flight.append(write)
            else:
                quota.release(write)
