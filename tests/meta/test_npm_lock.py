"""The npm packages that the tests use: exact versions, and a lock file that names no registry."""

import json
from typing import Any

from tests.support.paths import TESTS


def read(name: str) -> Any:
    return json.loads((TESTS / name).read_text(encoding="utf-8"))


def test_every_package_is_locked_at_the_required_version() -> None:
    locked = read("package-lock.json")["packages"]

    for name, version in read("package.json")["devDependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_the_lock_file_names_no_registry() -> None:
    locked = read("package-lock.json")["packages"]

    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_miniflare_is_the_version_that_wrangler_depends_on() -> None:
    locked = read("package-lock.json")["packages"]
    version = locked["node_modules/wrangler"]["dependencies"]["miniflare"]

    assert locked["node_modules/miniflare"]["version"] == version
