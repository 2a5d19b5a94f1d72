"""The names and kinds of all bindings in a configuration."""

from collections.abc import Iterator
from typing import Any, Final

from pykvbinding.js.core.js_dict import JsDict
from pykvbinding.wrangler.diagnostics import ConfigValue, is_string, object_entries

BINDING_KINDS: Final = {
    "data_blobs": "Data Blob",
    "durable_objects": "Durable Object",
    "kv_namespaces": "KV Namespace",
    "send_email": "Send Email",
    "queues": "Queue",
    "d1_databases": "D1 Database",
    "vectorize": "Vectorize Index",
    "ai_search_namespaces": "AI Search Namespace",
    "ai_search": "AI Search Instance",
    "agent_memory": "Agent Memory",
    "hyperdrive": "Hyperdrive Config",
    "r2_buckets": "R2 Bucket",
    "logfwdr": "logfwdr",
    "services": "Worker",
    "analytics_engine_datasets": "Analytics Engine Dataset",
    "text_blobs": "Text Blob",
    "browser": "Browser Run",
    "analytics": "Analytics SQL",
    "ai": "AI",
    "images": "Images",
    "stream": "Stream",
    "media": "Media",
    "version_metadata": "Worker Version Metadata",
    "unsafe": "Unsafe Metadata",
    "vars": "Environment Variable",
    "wasm_modules": "Wasm Module",
    "dispatch_namespaces": "Dispatch Namespace",
    "mtls_certificates": "mTLS Certificate",
    "workflows": "Workflow",
    "pipelines": "Pipeline",
    "k2": "K2 Stream",
    "secrets_store_secrets": "Secrets Store Secret",
    "artifacts": "Artifacts",
    "ratelimits": "Rate Limit",
    "assets": "Assets",
    "unsafe_hello_world": "Hello World",
    "flagship": "Flagship",
    "worker_loaders": "Worker Loader",
    "vpc_services": "VPC Service",
    "vpc_networks": "VPC Network",
}
"""The fields with bindings, and wrangler's names of their kinds, in wrangler's order."""

ONLY_TOP_LEVEL = ("data_blobs", "text_blobs", "wasm_modules")
INHERITED = ("assets",)


def iter_bindings(top: JsDict, section: JsDict) -> Iterator[tuple[str, str]]:
    """Iterate over all bindings, as pairs of wrangler's name of the kind and the binding's name."""
    for field_name, kind in BINDING_KINDS.items():
        value = top.get(field_name) if field_name in ONLY_TOP_LEVEL else section.get(field_name)
        if field_name in INHERITED and value is None:
            value = top.get(field_name)
        if field_name == "queues":
            value = object_entries(value).get("producers")
        for name in _binding_names(value):
            yield kind, name
    for name in object_entries(object_entries(section.get("secrets")).get("required")).values():
        if is_string(name):
            yield "Secret", name


def _binding_names(value: ConfigValue) -> list[str]:
    """Return the names of the bindings in one field, for each form that wrangler accepts."""
    if isinstance(value, list):
        names: list[Any] = [object_entries(item).get("binding") for item in value]
        return names if all(map(is_string, names)) else []
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("bindings"), list):
        names = [object_entries(item).get("name") for item in value["bindings"]]
        if all(map(is_string, names)):
            return names
    if "binding" in value:
        return [value["binding"]] if is_string(value["binding"]) else []
    return list(value)
