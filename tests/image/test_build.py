"""What the image is made of: the lock, labels, and another version of the hub's server."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from swimlanes import __version__


@pytest.fixture(scope="module")
def bill(engine, image, repository, tmp_path_factory):
    """Return the packages of the bill of materials that `make sbom` writes."""
    file = tmp_path_factory.mktemp("bill") / "sbom.cdx.json"
    subprocess.run([sys.executable, repository / "image/sbom", image, file], check=True)
    return {
        component["purl"]: component for component in json.loads(file.read_text())["components"]
    }


@pytest.fixture(scope="module")
def hub_5(engine, image, repository):
    """Build the image for a hub of version 5.5, on top of what is built already."""
    name = "swimlanes:test-hub-5"
    command = ["make", "image", f"IMAGE={name}", "JUPYTERHUB_VERSION=5.5.4"]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    yield name
    engine("rmi", name)


def test_the_image_holds_what_the_lock_says_and_nothing_else(bill, repository):
    lock = (repository / "image/requirements.lock").read_text()
    locked = {
        f"pkg:pypi/{name}@{version}" for name, version in re.findall(r"^(\S+)==(\S+)", lock, re.M)
    }
    held = {address for address in bill if address.startswith("pkg:pypi/")}
    beside = {address.partition("@")[0] for address in held - locked}
    assert beside == {"pkg:pypi/pip", "pkg:pypi/swimlanes"}
    assert f"pkg:pypi/swimlanes@{__version__}" in held


def test_the_bill_names_the_packages_of_debian_and_javascript_too(bill):
    assert any(re.match(r"pkg:deb/debian/python3.13@3.13.*arch=source", name) for name in bill)
    assert any(re.match(r"pkg:deb/debian/python3@3.13.*arch=", address) for address in bill)
    codemirror = next(bill[key] for key in bill if key.startswith("pkg:npm/%40codemirror/state@"))
    assert codemirror["licenses"] == [{"license": {"id": "MIT"}}]


def test_the_labels_say_what_this_is(engine, image):
    labels = json.loads(engine("inspect", "--format", "{{json .Config.Labels}}", image).stdout)
    prefix = "org.opencontainers.image."
    found = {name.removeprefix(prefix): value for name, value in labels.items()}
    assert found["title"] == "Swimlanes"
    assert found["version"] == __version__
    assert found["licenses"] == "BSD-3-Clause"
    assert found["base.name"] == "debian:trixie-slim"
    assert re.fullmatch(r"([0-9a-f]{40}(-dirty)?)?", found["revision"])


def test_the_account_does_not_tell_the_day_of_the_build(call):
    """So that another day gives the same files: neither the table nor the one before it does."""
    files = ("/etc/shadow", "/etc/shadow-")
    found = call("^jovyan:", *files, options=("--user=root", "--entrypoint=grep"))
    assert found.stdout == "/etc/shadow:jovyan:!::0:99999:7:::\n"


def test_the_hubs_server_may_be_of_an_earlier_version(engine, hub_5):
    ask = (
        "jupyterhub-singleuser --version && "
        "python -c 'import jupyterlab, swimlanes.panel; print(jupyterlab.__version__)'"
    )
    said = engine("run", "--rm", hub_5, "sh", "-c", ask).stdout.split()
    assert said[0] == "5.5.4"


def test_another_base_is_pinned_by_its_digest(engine_at_hand, repository):
    """The engine here has no registry to pull from, so what is asked for must not be found."""
    digest = "sha256:" + "0" * 64
    command = ["make", "image", "IMAGE=swimlanes:test-digest", f"BASE_DIGEST={digest}"]
    built = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert built.returncode != 0
    assert f"debian:trixie-slim@{digest}" in built.stderr


@pytest.mark.parametrize("file", ["image/Dockerfile", "image/hub/Dockerfile"])
def test_users_of_an_image_may_read_what_it_has_of_a_checkout_whoever_made_that(repository, file):
    """A checkout that was made with the umask 077 is its owner's alone, and COPY keeps that."""
    text = (repository / file).read_text()
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    for stage in stages:
        if not stage.partition("\n")[0].endswith((" builder", " checkout")):
            assert not re.search(r"^COPY (?!--from=)", stage, re.MULTILINE), stage
    assert "chmod -R u=rwX,go=rX" in text
