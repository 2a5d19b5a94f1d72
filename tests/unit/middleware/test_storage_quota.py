"""`StoredBytes`: exact where it refuses, and rarely counting."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pykvbinding import KVError, KVNamespace, VirtualClock
from pykvbinding.kv.namespace import Namespace
from pykvbinding.middleware.storage_quota import StoredBytes, Write
from pykvbinding.storage.record import Record, record_size

LIMIT = 100


class Counting(StoredBytes):
    """Notices how often all records are counted."""

    counts = 0

    def total(self, now: int) -> int:
        self.counts += 1
        return super().total(now)


@pytest.fixture
def namespace(clock: VirtualClock) -> Namespace:
    return KVNamespace(clock=clock).namespace


@pytest.fixture
def stored(namespace: Namespace, clock: VirtualClock) -> Counting:
    return account(clock, namespace)


def account(clock: VirtualClock, *namespaces: Namespace) -> Counting:
    stored = Counting(LIMIT, clock)
    for namespace in namespaces:
        stored.attach(namespace)
    return stored


def sized(size: int, expiration: int | None = None) -> Record:
    """A record that takes so many bytes under a key of one."""
    return Record("x" * (size - 1), expiration=expiration)


def take_effect(write: Write) -> None:
    if write.record is None:
        write.namespace.store.engine.erase(write.key)
    else:
        write.namespace.store.engine.write(write.key, write.record)


def put(stored: StoredBytes, namespace: Namespace, key: str, record: Record | None) -> None:
    """One write that succeeds, a delete with `None`."""
    write = stored.begin(namespace, key, record)
    take_effect(write)
    stored.end(write)


def fits(stored: StoredBytes, namespace: Namespace, key: str, size: int) -> bool:
    try:
        stored.end(stored.begin(namespace, key, sized(size)))
    except KVError:
        return False
    return True


def room(stored: StoredBytes, namespace: Namespace) -> int:
    """The size of the largest record that fits under a new key; nothing is stored."""
    return max(size for size in range(LIMIT + 2) if size == 0 or fits(stored, namespace, "~", size))


def test_an_overwrite_frees_the_old_size(stored: Counting, namespace: Namespace) -> None:
    put(stored, namespace, "k", sized(100))

    put(stored, namespace, "k", sized(100))

    assert not fits(stored, namespace, "k", 101)
    assert not fits(stored, namespace, "l", 1)


def test_what_has_expired_does_not_count(
    stored: Counting, namespace: Namespace, clock: VirtualClock
) -> None:
    put(stored, namespace, "k", sized(100, clock.now_seconds() + 60))
    clock.advance(59)
    before = fits(stored, namespace, "l", 1)
    clock.advance(1)

    assert (before, fits(stored, namespace, "l", 100)) == (False, True)


def test_an_expired_record_under_the_very_key_does_not_count(
    stored: Counting, namespace: Namespace, clock: VirtualClock
) -> None:
    put(stored, namespace, "a", sized(30))
    put(stored, namespace, "b", sized(10, clock.now_seconds() + 60))
    put(stored, namespace, "k", sized(60, clock.now_seconds() + 60))
    clock.advance(60)

    put(stored, namespace, "k", sized(70))

    assert room(stored, namespace) == 0


def test_all_namespaces_count_together(clock: VirtualClock) -> None:
    one, other = (KVNamespace(clock=clock).namespace for _ in range(2))
    stored = account(clock, one, other)
    put(stored, one, "k", sized(60))

    assert not fits(stored, other, "k", 41)
    assert fits(stored, other, "k", 40)


def test_what_a_test_puts_there_directly_is_seen(stored: Counting, namespace: Namespace) -> None:
    put(stored, namespace, "a", sized(10))
    namespace.seed({"s": "x" * 49})
    after_seed = room(stored, namespace)
    snapshot = namespace.dump()
    namespace.clear()
    after_clear = room(stored, namespace)
    namespace.load(snapshot)

    assert (after_seed, after_clear, room(stored, namespace)) == (40, 100, 40)


def test_a_write_that_failed_takes_no_room(stored: Counting, namespace: Namespace) -> None:
    put(stored, namespace, "k", sized(90))
    for _ in range(3):
        stored.end(stored.begin(namespace, "k", sized(20)))

    assert room(stored, namespace) == 10


def test_a_write_in_flight_has_its_room_reserved(stored: Counting, namespace: Namespace) -> None:
    write = stored.begin(namespace, "a", sized(60))
    while_in_flight = fits(stored, namespace, "b", 41), fits(stored, namespace, "b", 40)
    stored.end(write)

    assert while_in_flight == (False, True)
    assert room(stored, namespace) == 100


def test_two_writes_of_one_key_in_flight_need_the_room_of_one(
    stored: Counting, namespace: Namespace
) -> None:
    put(stored, namespace, "k", sized(80))
    first = stored.begin(namespace, "k", sized(90))
    second = stored.begin(namespace, "k", sized(100))
    take_effect(first)
    take_effect(second)
    stored.end(first)
    stored.end(second)

    assert room(stored, namespace) == 0


def test_a_write_that_was_overtaken_by_a_count_does_not_free_the_old_size_twice(
    stored: Counting, namespace: Namespace
) -> None:
    put(stored, namespace, "k", sized(80))
    first = stored.begin(namespace, "k", sized(50))
    take_effect(first)
    second = stored.begin(namespace, "l", sized(10))
    stored.end(first)
    take_effect(second)
    stored.end(second)

    assert room(stored, namespace) == 40


def test_two_writes_that_replace_one_record_do_not_free_it_twice(
    stored: Counting, namespace: Namespace
) -> None:
    put(stored, namespace, "other", Record("x" * 15))
    put(stored, namespace, "k", sized(40))
    first = stored.begin(namespace, "k", sized(10))
    second = stored.begin(namespace, "k", sized(10))
    for write in (first, second):
        take_effect(write)
        stored.end(write)

    assert room(stored, namespace) == 70


def test_a_delete_is_never_refused_and_makes_room(stored: Counting, namespace: Namespace) -> None:
    namespace.seed({"k": "x" * 500})

    put(stored, namespace, "k", None)

    assert room(stored, namespace) == 100


def test_a_write_far_from_the_limit_counts_nothing(stored: Counting, namespace: Namespace) -> None:
    put(stored, namespace, "0", sized(1))
    first = stored.counts
    for number in range(50):
        put(stored, namespace, str(number % 5), sized(10))
        put(stored, namespace, str(number % 7), None)

    assert (first, stored.counts) == (1, 1)


def test_overwrites_at_the_limit_count_nothing_either(
    stored: Counting, namespace: Namespace
) -> None:
    put(stored, namespace, "k", sized(100))
    before = stored.counts
    for _ in range(50):
        put(stored, namespace, "k", sized(100))

    assert stored.counts == before


def test_a_refused_write_is_as_if_it_had_never_been(stored: Counting, namespace: Namespace) -> None:
    put(stored, namespace, "k", sized(60))
    for _ in range(3):
        assert not fits(stored, namespace, "l", 41)

    assert fits(stored, namespace, "l", 40)


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
def test_a_put_is_refused_exactly_if_it_would_exceed(
    steps: list[tuple[str, str, int, int | None, str]],
) -> None:
    clock = VirtualClock()
    namespaces = [KVNamespace(clock=clock).namespace for _ in range(2)]
    stored = account(clock, *namespaces)
    flying: list[Write] = []
    effective: set[int] = set()

    def total(new: Write | None) -> int:
        """Of all that is live, and of the writes in flight as if they took effect in order."""
        now = clock.now_seconds()
        writes = [*flying, new] if new else flying
        records: dict[tuple[int, str], Record | None] = {
            (id(each), key): record
            for each in namespaces
            for key, record in each.store.engine.items(now)
        }
        records |= {(id(each.namespace), each.key): each.record for each in writes}
        return sum(record_size(key, record) for (_, key), record in records.items())

    for what, key, size, ttl, fate in steps:
        namespace = namespaces[size % 2]
        if what == "seed":
            namespace.seed({key: "x" * size})
        elif what == "clear":
            namespace.clear()
        elif what == "pass":
            clock.advance(size)
        elif what == "end":
            for write in flying:
                if write.number not in effective:
                    take_effect(write)
                stored.end(write)
            flying.clear()
        else:
            expiration = None if ttl is None else clock.now_seconds() + ttl
            record = None if what == "delete" else sized(size, expiration)
            new = Write(0, namespace, key, record)
            if record is not None and total(new) > LIMIT:
                with pytest.raises(KVError, match=f"Stored data of {total(new)} exceeds"):
                    stored.begin(namespace, key, record)
                continue
            write = stored.begin(namespace, key, record)
            if fate.startswith("takes effect"):
                take_effect(write)
                effective.add(write.number)
            if fate.endswith("in flight"):
                flying.append(write)
            else:
                stored.end(write)
