"""Every text that answers a wrong use of this library's own API; each names the right call.

They are built-in errors (ValueError, TypeError, LookupError, …), because production never raises
them. Each function builds one error; the caller raises it.
"""

from collections.abc import Collection, Iterable
from typing import Any


def clock_backwards(method: str, how: str) -> ValueError:
    return ValueError(
        f"VirtualClock.{method} {how}: a clock never runs backwards. "
        "Start a new one where you need it: VirtualClock(start)"
    )


def clock_not_a_duration(value: object) -> TypeError:
    return TypeError(
        f"a duration is a number of seconds or a timedelta, not {value!r}. "
        "Write clock.advance(90), clock.advance(minutes=1.5) or clock.advance(timedelta(...))"
    )


def clock_not_an_instant(value: object) -> TypeError:
    return TypeError(
        f"an instant is a number of seconds since the epoch or an aware datetime, not {value!r}. "
        "Write VirtualClock(1_700_000_000) or clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))"
    )


def clock_not_finite(value: float) -> ValueError:
    return ValueError(f"{value} is no time: give a finite number of seconds")


def clock_naive_datetime(value: object) -> ValueError:
    return ValueError(
        f"{value!r} names no time zone, so no instant. "
        "Write datetime(..., tzinfo=UTC) or value.astimezone()"
    )


def clock_autojump_loop(loop_name: str) -> RuntimeError:
    return RuntimeError(
        f"VirtualClock(autojump=True) cannot tell when a {loop_name} is idle; it needs asyncio's "
        "own event loop. Without autojump, call clock.advance(seconds)"
    )


def limit_wrong_type(name: str, value: object) -> TypeError:
    return TypeError(f"Limits({name}={value!r}): give a whole number, as in Limits({name}=60)")


def limit_negative(name: str, value: int) -> ValueError:
    return ValueError(f"Limits({name}={value}): a limit is 0 or more")


def snapshot_foreign() -> ValueError:
    return ValueError("load() takes the bytes that kv.namespace.dump() returned; these are others")


def snapshot_damaged() -> ValueError:
    return ValueError("this snapshot is truncated or damaged; nothing was loaded. dump() it again")


def snapshot_newer(version: int, known: int) -> ValueError:
    return ValueError(
        f"this snapshot is of version {version} and this pykvbinding reads up to {known}; "
        "nothing was loaded. Upgrade pykvbinding, or dump() with this version"
    )


def snapshot_not_bytes(value: Any) -> TypeError:
    return TypeError(f"load() takes bytes from kv.namespace.dump(), not {type(value).__name__}")


def seed_no_value(key: str) -> ValueError:
    return ValueError(
        f'seed({{{key!r}: {{...}}}}): a dict here is a value with options and needs a "value", '
        'as in {"value": "v", "expirationTtl": 60}. To store JSON, write json.dumps(...)'
    )


def seed_unknown_option(key: str, option: str) -> ValueError:
    return ValueError(
        f"seed({{{key!r}: ...}}) has no option {option!r}; it takes metadata, expiration and "
        "expirationTtl"
    )


def seed_stream(key: str) -> TypeError:
    return TypeError(
        f"seed({{{key!r}: ...}}) is synchronous and cannot read a stream; "
        "give bytes, or await kv.put(key, stream)"
    )


def seed_not_a_mapping(value: object) -> TypeError:
    return TypeError(
        f'seed() takes a mapping of keys to values, as in seed({{"a": "1"}}), '
        f"not {type(value).__name__}"
    )


# Layers.


def kind_unknown(where: str, kind: object) -> ValueError:
    return ValueError(
        f'{where}: {kind!r} is no kind of operation; they are "get" (of one key or several), '
        '"put", "delete" and "list"'
    )


def history_most(most: object) -> ValueError:
    return ValueError(
        f"History(most={most!r}): give a whole number of operations to keep, 1 or more"
    )


def fault_wrong_type(value: object) -> TypeError:
    return TypeError(
        f"{value!r} is no fault; write "
        'Fault(kind="put", key="user:*", nth=2, error="503 Service Unavailable")'
    )


def fault_key(key: object) -> ValueError:
    return ValueError(f'Fault(key={key!r}): give one pattern, as in "user:*"')


def fault_nth(nth: object) -> ValueError:
    return ValueError(f"Fault(nth={nth!r}): give a whole number; 1 is the first operation it meets")


def fault_probability(probability: object) -> ValueError:
    return ValueError(
        f"Fault(probability={probability!r}): give a number from 0 (never) to 1 (always)"
    )


def fault_delay(delay_seconds: object) -> ValueError:
    return ValueError(
        f"Fault(delay_seconds={delay_seconds!r}): give a number of seconds, 0 or more"
    )


def fault_error(error: object) -> ValueError:
    return ValueError(
        f"Fault(error={error!r}): give a status and its reason, as in "
        '"503 Service Unavailable", or a KVError, or None for a delay alone'
    )


def fault_does_nothing() -> ValueError:
    return ValueError(
        "Fault(error=None) without delay_seconds does nothing; "
        "give it an error to raise or a delay to make"
    )


def quantile_out_of_range(share: float) -> ValueError:
    return ValueError(f"quantile({share!r}): give a share from 0 to 1; the 99th percentile is 0.99")


def bill_plan(plan: object) -> ValueError:
    return ValueError(f'bill(plan={plan!r}): the plans are "free" and "paid"')


def bill_month(month: object) -> ValueError:
    return ValueError(f'bill(month={month!r}): write year and month, as in "2023-11"')


# Accounts.


def namespace_title_taken(title: str) -> ValueError:
    return ValueError(
        f"a namespace with this account ID and title already exists: {title!r}. "
        f"Use account.binding({title!r}), or another title"
    )


def namespace_id_taken(id: str) -> ValueError:
    return ValueError(f"the id {id!r} belongs to another namespace of this account; give another")


def namespace_id_wrong(id: object) -> ValueError:
    return ValueError(f"an id is a str that is not empty, not {id!r}; leave it out to get one")


def namespace_title_wrong(title: object) -> ValueError:
    return ValueError(f"a title is a str of 1 to 512 characters, not {title!r}")


def namespace_unknown(title_or_id: object, known: Collection[str]) -> LookupError:
    there = f"there are {', '.join(map(repr, known))}" if known else "there is none yet"
    return LookupError(
        f"no namespace has the title or id {title_or_id!r}; {there}. "
        "account.create_namespace(title) makes one"
    )


def namespace_is_bound(title: str, count: int) -> ValueError:
    bindings = "1 binding" if count == 1 else f"{count} bindings"
    return ValueError(
        f"the namespace {title!r} still has {bindings}; let go of them (del kv, del env) before "
        "delete_namespace, or empty it: kv.namespace.clear()"
    )


def namespaces_too_many(limit: int) -> ValueError:
    return ValueError(
        f"an account has at most {limit} namespaces; delete one, "
        "or write Limits(max_namespaces=...)"
    )


def metrics_are_off() -> ValueError:
    return ValueError("there are no metrics to bill; write Account(metrics=True)")


# Networks.


def network_without_locations() -> ValueError:
    return ValueError('a network has at least one location, as in EdgeNetwork("LHR", "NRT")')


def network_location_wrong_type(location: object) -> TypeError:
    return TypeError(f'a location is a name such as "LHR", not {location!r}')


def network_location_twice(location: str) -> ValueError:
    return ValueError(f"the location {location!r} is named twice; one is enough for any traffic")


def network_unknown_location(location: object, known: Iterable[str]) -> LookupError:
    return LookupError(f"no location {location!r}; there are {', '.join(map(repr, known))}")


def network_unknown_binding(binding: object, known: Iterable[str]) -> LookupError:
    return LookupError(
        f"no binding {binding!r}; there are {', '.join(map(repr, known))}. "
        'More: EdgeNetwork(..., bindings=("KV", "CACHE"))'
    )


def network_bindings_wrong_type(bindings: object) -> TypeError:
    return TypeError(
        f'bindings={bindings!r}: give names, as in bindings=("SESSIONS", "CACHE"), or an Env'
    )


def network_unknown_option(name: str, permissions: Collection[str]) -> TypeError:
    return TypeError(
        f"EdgeNetwork has no option {name!r}. What a schedule may choose is switched by "
        f"{', '.join(permissions)}"
    )


def wrong_argument(call: str, name: str, value: object, wanted: str) -> ValueError:
    return ValueError(f"{call}({name}={value!r}): give {wanted}")


def latency_wrong_spread(name: str, spread: object) -> ValueError:
    return ValueError(
        f"Latency({name}={spread!r}): give Spread(p50=3, p99=20), in milliseconds, p50 above 0 and "
        "not above p99"
    )


def latency_wrong_type(latency: object) -> TypeError:
    return TypeError(f'latency={latency!r}: give the name of a profile, as in latency="2025"')


def latency_unknown_profile(latency: str, known: Iterable[str]) -> ValueError:
    return ValueError(f"no latency profile {latency!r}; there are {', '.join(map(repr, known))}")


# Testing: `pykvbinding.testing`. Strategies answer as Hypothesis' own do, with a TypeError of its.


def strategy_sizes(
    strategy: str, min_size: int, max_size: int, least: int, most: int | None
) -> TypeError:
    from hypothesis.errors import InvalidArgument  # not at the top: only its users have it

    bounds = f"{least} <= min_size <= max_size" + ("" if most is None else f" <= {most}")
    given = f"{strategy}(min_size={min_size}, max_size={max_size})"
    return InvalidArgument(f"{given}: sizes are in order, {bounds}")


def strategy_now(now: float, latest: int) -> TypeError:
    from hypothesis.errors import InvalidArgument  # not at the top: only its users have it

    return InvalidArgument(
        f"put_options(now={now!r}): seconds since the epoch, at which something can still expire "
        f"a minute later; the latest expiration is {latest}"
    )


def strategy_methods(methods: object, known: Collection[str]) -> TypeError:
    from hypothesis.errors import InvalidArgument  # not at the top: only its users have it

    return InvalidArgument(f"operations(methods={methods!r}): some of {', '.join(known)}")


def marker_arguments(given: str, known: Collection[str]) -> TypeError:
    return TypeError(f"pytest.mark.kv has no argument {given}; it has {', '.join(known)}")


def marker_wrong_type(name: str, value: object, right: str) -> TypeError:
    return TypeError(f"pytest.mark.kv({name}={value!r}): write {name}={right}")


def marker_allow(kind: object, known: Iterable[str]) -> ValueError:
    return ValueError(
        f"pytest.mark.kv(allow=[{kind!r}]): there is nothing of that name to allow; "
        f"there are {', '.join(known)}"
    )


# Packages


def module_lacks(package: str, name: str) -> AttributeError:
    return AttributeError(f"module {package!r} has no attribute {name!r}")


# The env made of a wrangler file


def env_absent(name: str, present: Iterable[str], meant: str | None) -> AttributeError:
    shown = ", ".join(present) or "nothing"
    hint = "" if meant is None else f" Did you mean env.{meant}?"
    # With the name, or Python would add a suggestion of its own to ours.
    return AttributeError(f"env has no {name!r}; it has {shown}.{hint}", name=name)


def env_of_an_account() -> TypeError:
    return TypeError(
        "Env.from_wrangler(account=…) beside clock or limits: an account has its own. "
        "Write account=Account(clock=…, limits=…)"
    )
