"""The participants' image of a class: built where it is ours, and not touched where it is not."""

from __future__ import annotations

import os
import subprocess

import pytest

from classroom.start import no_image

DOCKER = """#!/bin/sh
case "$1 $2" in
  "compose version") echo 2.24.4 ;;
  "image inspect") [ -n "$LABELS" ] && echo "$LABELS" ;;
esac
"""
MAKE = """#!/bin/sh
echo "$@" >>"$ASKED"
seq 40
[ -z "$BROKEN" ] || echo "no space left" >&2
exit ${BROKEN:-0}
"""


@pytest.fixture
def manage(repository, tmp_path):
    """Return a function that runs the script with programs that stand for an engine and make."""
    for name, text in (("docker", DOCKER), ("make", MAKE)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "asked").touch()
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ASKED": str(tmp_path / "asked")}

    def run(*command, **settings):
        done = subprocess.run(
            [repository / "image/hub/manage", *command],
            capture_output=True, text=True, env=os.environ | path | settings,
        )  # fmt: skip
        return done, (tmp_path / "asked").read_text()

    return run


@pytest.mark.parametrize(
    ("command", "target"), [(("image", "1.0 abc"), "image"), (("hub_image",), "hub-image")]
)
def test_our_images_are_built_in_one_line(manage, command, target):
    done, asked = manage(*command, IMAGE="swimlanes", LABELS="0.9 abc")
    assert asked == f"--no-print-directory {target} IMAGE=swimlanes\n"
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_a_build_that_fails_is_shown(manage):
    done, _ = manage("hub_image", BROKEN="1")
    assert done.returncode == 2
    assert "no space left\n" in done.stderr
    assert "image of the hub could not be built; the reason stands above." in done.stderr


@pytest.mark.parametrize(
    ("labels", "warned"),
    [("1.0 abc", False), ("1.0 abd", True), ("0.9 abc", True), (" ", True), ("", False)],
    ids=["the same", "another commit", "another version", "no labels", "no image"],
)
def test_an_image_of_ones_own_is_not_built_but_told_to_be_old(manage, labels, warned):
    done, asked = manage("image", "1.0 abc", IMAGE="seats", LABELS=labels)
    assert (done.returncode, asked) == (0, "")
    assert ("Build it again: make image, then docker build --tag seats" in done.stderr) == warned
    assert len(done.stderr.splitlines()) == warned


def test_an_image_that_is_missing_is_built_by_what_builds_it():
    assert no_image("swimlanes").endswith("run: make image")
    assert "docker build --tag seats FOLDER" in no_image("seats")
    assert "make image" not in no_image("seats")
