"""A release of a copy of the repository: what it makes, what it refuses, what a failure leaves."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from swimlanes import __version__

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "image" / "release"))

IDENTITY = ("-c", "user.name=Teacher", "-c", "user.email=teacher@example.org")
NEW = "7.8.9"
PACKAGES = {f"swimlanes-{NEW}-py3-none-any.whl", f"swimlanes-{NEW}.tar.gz"}


def git(folder, *words):
    command = ["git", "-C", str(folder), *IDENTITY, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def clone(source, folder, *options):
    git(source, "clone", "--quiet", *options, str(source), str(folder))
    for key, value in (words.split("=") for words in IDENTITY[1::2]):
        git(folder, "config", key, value)
    return folder


def call(folder, *arguments, **settings):
    """Call the program that `make release` and `make dist` call."""
    return subprocess.run(
        [sys.executable, "image/release", *arguments],
        cwd=folder, env=os.environ | {"PLATFORMS": "none"} | settings,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def state(folder):
    """Everything of a repository that a release changes."""
    tags, head = git(folder, "tag"), git(folder, "rev-parse", "HEAD")
    trees = git(folder, "worktree", "list")
    return tags, head, trees, git(folder, "status", "--porcelain", "--ignored")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Make a repository of its own with the files as they are, one commit, and no tag."""
    folder = tmp_path_factory.mktemp("copy")
    listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in filter(None, git(ROOT, *listed).split("\0")):
        if os.path.lexists(ROOT / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name, follow_symlinks=False)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=All")
    return folder


@pytest.fixture(scope="module")
def released(copy, tmp_path_factory):
    """Release a copy."""
    folder = clone(copy, tmp_path_factory.mktemp("released") / "swimlanes")
    made = call(folder, NEW)
    assert made.returncode == 0, made.stderr
    return folder


def test_a_release_has_a_tag_a_section_and_packages_with_their_sums(released):
    assert git(released, "describe", "--exact-match").strip() == f"v{NEW}"
    assert git(released, "status", "--porcelain") == ""
    changelog = (released / "CHANGELOG.md").read_text()
    assert re.search(rf"^## Unreleased\n\n## {NEW}, \d{{4}}-\d\d-\d\d\n\n- ", changelog, re.M)
    made = released / "build" / "release"
    sums = dict(reversed(line.split()) for line in (made / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == PACKAGES == {file.name for file in made.iterdir()} - {"SHA256SUMS"}
    assert all(
        hashlib.sha256((made / name).read_bytes()).hexdigest() == sums[name] for name in sums
    )
    assert git(released, "worktree", "list").count("\n") == 1


def test_the_version_stands_in_one_place_and_the_images_follow(released):
    changed = git(released, "show", "--format=", "--name-only").split()
    named = [name for name in changed if name.startswith("image/hub/kubernetes/")]
    assert len(named) == 3
    assert set(changed) - set(named) == {"CHANGELOG.md", "widgets/swimlanes/__init__.py"}
    stated = rf"(swimlanes(-\w+)?:|tag: .|[vV]ersion__? *=+ *.){re.escape(__version__)}\b"
    left = subprocess.run(["git", "grep", "-nE", stated], cwd=released, capture_output=True)
    assert left.stdout == b""


def test_the_tag_gives_the_same_packages_again(released, tmp_path):
    packages = importlib.import_module("packages")
    again = clone(released, tmp_path / "elsewhere", "--branch", f"v{NEW}")
    for folder in again.rglob("*"):
        folder.chmod(folder.stat().st_mode & 0o700)
    time_s = int(git(again, "log", "-1", "--format=%ct"))
    for file in packages.build(again, time_s, tmp_path / "made"):
        assert file.read_bytes() == (released / "build" / "release" / file.name).read_bytes()


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("", "VERSION= is no version as PEP 440 has it; write it like 1.0.0 or 1.1.0rc1."),
        ("next one", "VERSION=next one is no version as PEP 440 has it"),
        ("v1.0.0", "VERSION=v1.0.0 is not in the normal form of PEP 440; write 1.0.0."),
        ("1.0.0+mine", "VERSION=1.0.0+mine cannot be the tag of an image"),
        (NEW, f"The version {NEW} exists already, as the tag v{NEW}; choose a later one"),
        (f"{NEW}.0", f"The version {NEW}.0 exists already, as the tag v{NEW}"),
        ("8.0", "CHANGELOG.md has no entries below “Unreleased”; say there what is new."),
    ],
)
def test_a_version_is_refused(version, sentence, released):
    check_refused(released, version, sentence)


def test_what_no_commit_holds_is_refused(copy, tmp_path):
    folder = clone(copy, tmp_path / "swimlanes")
    (folder / "README.md").write_text("changed")
    (folder / "new file").touch()
    check_refused(folder, NEW, "There are changes that no commit holds (README.md and 1 more)")
    assert "README.md and 1 more" in call(folder).stderr, "make dist"


def test_a_registry_for_no_image_is_refused(copy):
    sentence = "There is no image to push to registry.example.org; leave out PLATFORMS=none."
    check_refused(copy, NEW, sentence, REGISTRY="registry.example.org")


def test_a_machine_without_an_engine_is_refused(copy):
    sentence = "There is no builder for images. Turn on the engine's containerd image store"
    check_refused(copy, NEW, sentence, PLATFORMS="linux/amd64", DOCKER_HOST="unix:///nowhere")


def test_a_platform_that_the_engine_cannot_build_is_refused(copy, engine_at_hand):
    sentence = "The engine cannot build for linux/abacus, only for linux/"
    check_refused(copy, NEW, sentence, PLATFORMS="linux/abacus")


def test_an_engine_that_cannot_push_all_platforms_is_refused(copy, engine_at_hand):
    told = subprocess.run(["docker", "info"], capture_output=True, text=True).stdout
    if "io.containerd.snapshotter" in told:
        pytest.skip("this engine can")
    sentence = "The engine cannot push to registry.example.org what was built for several platforms"
    check_refused(copy, NEW, sentence, PLATFORMS="linux/amd64", REGISTRY="registry.example.org")


def check_refused(folder, version, sentence, **settings):
    before = state(folder)
    refused = call(folder, version, **settings)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"make release: {sentence}")
    assert refused.stderr.count("\n") == 1
    assert state(folder) == before


def test_a_failure_half_way_leaves_nothing_half_done(copy, tmp_path):
    """The package is built, installed, and does not work; the release before stays."""
    folder = clone(copy, tmp_path / "swimlanes")
    before_s = folder / "build" / "release" / "SHA256SUMS"
    before_s.parent.mkdir(parents=True)
    before_s.write_text("those of the release before\n")
    with (folder / "widgets" / "swimlanes" / "watching" / "__init__.py").open("a") as module:
        module.write("\nimport antigravity_that_nobody_has\n")
    git(folder, "commit", "--quiet", "--all", "--message=A mistake")
    before = state(folder)
    failed = call(folder, NEW)
    assert failed.returncode == 1
    assert "does not work in an empty environment: python failed." in failed.stderr
    assert "antigravity" in failed.stderr
    assert state(folder) == before
    assert list((folder / "build").rglob("*")) == [before_s.parent, before_s]
