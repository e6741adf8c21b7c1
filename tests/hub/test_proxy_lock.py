"""The lock of the proxy, as `make lock` writes it."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def proxy(repository):
    return repository / "image/hub/proxy"


def test_the_lock_is_of_what_is_asked_for_and_every_package_has_a_hash(proxy):
    packages = json.loads((proxy / "package-lock.json").read_text())["packages"]
    asked = json.loads((proxy / "package.json").read_text())["dependencies"]
    assert packages.pop("")["dependencies"] == asked
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


def test_the_lock_holds_no_address(proxy):
    assert "://" not in (proxy / "package-lock.json").read_text()
