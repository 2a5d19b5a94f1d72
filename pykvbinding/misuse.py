"""Every text that answers a wrong use of this library's own API; each names the right call.

They are built-in errors (ValueError, TypeError, LookupError, …), because production never raises
them. Each function builds one error; the caller raises it.
"""

from collections.abc import Collection, Iterable

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
