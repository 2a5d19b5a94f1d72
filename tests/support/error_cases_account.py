"""For every error of accounts and networks a public call that raises it, and what it must say."""

from dataclasses import replace
from typing import Any

from pykvbinding import EdgeNetwork, KVNamespace, Limits
from pykvbinding.account import Account
from pykvbinding.edge.latency import PROFILES, Spread
from pykvbinding.network.edge_network import PERMISSIONS
from tests.support.error_cases import Case, refused


def taken(**second: Any) -> None:
    account = Account()
    account.create_namespace("SESSIONS", id="0123")
    account.create_namespace(**second)


def delete_bound(_: KVNamespace) -> None:
    account = Account()
    kv = account.binding("SESSIONS")
    account.delete_namespace(kv.namespace.title)


def create_one_too_many(_: KVNamespace) -> None:
    account = Account(limits=Limits(max_namespaces=1))
    account.create_namespace("SESSIONS")
    account.create_namespace("CACHE")


async def write_while_cut_off(_: KVNamespace) -> None:
    net = EdgeNetwork("LHR")
    net.partition("LHR")
    await net.kv("LHR").put("k", "v")


ACCOUNTS: dict[str, Case] = {
    "namespace_title_taken": (
        lambda kv: taken(title="SESSIONS"),
        ValueError(
            "a namespace with this account ID and title already exists: 'SESSIONS'. "
            "Use account.binding('SESSIONS'), or another title"
        ),
    ),
    "namespace_id_taken": (
        lambda kv: taken(title="CACHE", id="0123"),
        ValueError("the id '0123' belongs to another namespace of this account; give another"),
    ),
    "namespace_id_wrong": (
        lambda kv: taken(title="CACHE", id=""),
        ValueError("an id is a str that is not empty, not ''; leave it out to get one"),
    ),
    "namespace_title_wrong": (
        lambda kv: taken(title=""),
        ValueError("a title is a str of 1 to 512 characters, not ''"),
    ),
    "namespace_unknown": (
        lambda kv: Account().namespace("SESSIONS"),
        LookupError(
            "no namespace has the title or id 'SESSIONS'; there is none yet. "
            "account.create_namespace(title) makes one"
        ),
    ),
    "namespace_is_bound": (
        delete_bound,
        ValueError(
            "the namespace 'SESSIONS' still has 1 binding; let go of them (del kv, del env) before "
            "delete_namespace, or empty it: kv.namespace.clear()"
        ),
    ),
    "namespaces_too_many": (
        create_one_too_many,
        ValueError(
            "an account has at most 1 namespaces; delete one, or write Limits(max_namespaces=...)"
        ),
    ),
    "metrics_are_off": (
        lambda kv: Account().bill(),
        ValueError("there are no metrics to bill; write Account(metrics=True)"),
    ),
}
NETWORKS: dict[str, Case] = {
    "network_without_locations": (
        lambda kv: EdgeNetwork(),
        ValueError('a network has at least one location, as in EdgeNetwork("LHR", "NRT")'),
    ),
    "network_location_wrong_type": (
        lambda kv: EdgeNetwork("LHR", 7),  # type: ignore[arg-type]
        TypeError('a location is a name such as "LHR", not 7'),
    ),
    "network_location_twice": (
        lambda kv: EdgeNetwork("LHR", "LHR"),
        ValueError("the location 'LHR' is named twice; one is enough for any traffic"),
    ),
    "network_unknown_location": (
        lambda kv: EdgeNetwork("LHR", "NRT").kv("CDG"),
        LookupError("no location 'CDG'; there are 'LHR', 'NRT'"),
    ),
    "network_unknown_binding": (
        lambda kv: EdgeNetwork("LHR").kv("LHR", "CACHE"),
        LookupError(
            "no binding 'CACHE'; there are 'KV'. "
            'More: EdgeNetwork(..., bindings=("KV", "CACHE"))'
        ),
    ),
    "network_bindings_wrong_type": (
        lambda kv: EdgeNetwork("LHR", bindings="KV"),
        TypeError('bindings=\'KV\': give names, as in bindings=("SESSIONS", "CACHE"), or an Env'),
    ),
    "network_unknown_option": (
        lambda kv: EdgeNetwork("LHR", stale=True),  # type: ignore[call-arg]
        TypeError(
            "EdgeNetwork has no option 'stale'. What a schedule may choose is switched by "
            + ", ".join(PERMISSIONS)
        ),
    ),
    "wrong_argument": (
        lambda kv: EdgeNetwork("LHR", cache_entries=-1),
        ValueError("EdgeNetwork(cache_entries=-1): give a whole number of keys, 0 or more"),
    ),
    "latency_wrong_spread": (
        lambda kv: replace(PROFILES["2025"], hit=Spread(p50=2, p99=1)),
        ValueError(
            "Latency(hit=Spread(p50=2, p99=1)): give Spread(p50=3, p99=20), in milliseconds, "
            "p50 above 0 and not above p99"
        ),
    ),
    "latency_wrong_type": (
        lambda kv: EdgeNetwork("LHR", latency=2025),  # type: ignore[arg-type]
        TypeError('latency=2025: give the name of a profile, as in latency="2025"'),
    ),
    "latency_unknown_profile": (
        lambda kv: EdgeNetwork("LHR", latency="2020"),
        ValueError("no latency profile '2020'; there are '2019', '2024', '2025'"),
    ),
    "service_unavailable": (write_while_cut_off, refused("PUT", 503, "Service Unavailable")),
}
CASES: dict[str, Case] = ACCOUNTS | NETWORKS
