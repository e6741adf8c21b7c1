"""A class whose hub is of version 5.5, and with it the participants' servers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from .conftest import ADMIN, REPOSITORY, run

VERSION = "5.5.4"
IMAGE, HUB_IMAGE = "swimlanes:test-class-hub-5", "swimlanes-hub:test-class-hub-5"
PAGE = "/services/instructor/"
SERVICES = ("check", "hub", "door", "proxy", "internet")


@pytest.fixture
def images_of_5(hub_images, engine) -> Iterator[None]:
    """Build both images for that version, on top of what is built already."""
    names = (IMAGE, HUB_IMAGE)
    mine = [name for name in names if engine("image", "inspect", name, check=False).returncode]
    arguments = (f"IMAGE={IMAGE}", f"HUB_IMAGE={HUB_IMAGE}", f"JUPYTERHUB_VERSION={VERSION}")
    run("make", "image", "hub-image", *arguments, cwd=REPOSITORY)
    yield
    for name in mine:
        engine("image", "rm", name)


@pytest.fixture
def class_of_5(images_of_5, new_class, tmp_path):
    """Open a class of two with that hub, and cores for one of them."""
    a_class = new_class("Ada", "Bo")
    services = {name: {"image": HUB_IMAGE} for name in SERVICES}
    (tmp_path / "hub-5.yml").write_text(json.dumps({"services": services}))
    files = f"{REPOSITORY}/image/hub/compose.yml:{tmp_path}/hub-5.yml"
    try:
        a_class.open(COMPOSE_FILE=files, IMAGE=IMAGE, CORES_PER_PARTICIPANT="2")
        yield a_class
    finally:
        a_class.remove()


def test_a_class_of_version_5_5_studies_waits_and_is_looked_after(class_of_5):
    person = class_of_5.spawn("ada")
    assert person.hub("GET", "").json()["version"] == VERSION
    assert person.visit().status_code == 200
    assert class_of_5.exec("ada", "jupyterhub-singleuser", "--version").stdout.strip() == VERSION
    options = ("--tasks", "4", "--task-ms", "5", "--repeats", "1", "--max-workers", "2")
    study = json.loads(class_of_5.exec("ada", "swimlanes", "study", "--json", *options).stdout)
    assert [point["workers"] for point in study["points"]] == [1, 2]

    waits = class_of_5.person("bo").web.get("/hub/spawn")
    assert waits.status_code == 503
    assert "you are number 1 in line" in waits.text
    assert 'http-equiv="refresh"' in waits.text

    page = class_of_5.person(ADMIN).web
    class_of_5.eventually(lambda: page.get(PAGE).status_code == 200)
    assert "Participants who are in: 1 of 2." in page.get(PAGE).text
