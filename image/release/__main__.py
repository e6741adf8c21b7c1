"""`make release` and `make dist`: what others install, built from one commit into build/release.

    python image/release 1.0.0     the changelog, the version, everything that is built, a tag
    python image/release           everything that is built from this commit, whatever its version

PLATFORMS names the platforms of the image, by default linux/amd64,linux/arm64; none leaves the
image out. REGISTRY, for example registry.example.org/course, is where a release is pushed besides.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import images
import packages
import version as versions
from errors import ReleaseError
from repository import Repository

ROOT = Path(__file__).resolve().parents[2]
PLATFORMS = "linux/amd64,linux/arm64"


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Build, or release, and return the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    name = "make release" if arguments else "make dist"
    chosen = environment.get("PLATFORMS") or PLATFORMS
    platforms = () if chosen == "none" else tuple(chosen.split(","))
    try:
        if arguments:
            release(arguments[0], platforms, environment.get("REGISTRY", ""))
        else:
            dist(platforms)
    except ReleaseError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{name}: It was stopped; nothing is released.", file=sys.stderr)
        return 1
    return 0


def release(version: str, platforms: tuple[str, ...], registry: str) -> None:
    """Make a release of what HEAD holds: nothing here changes before all of it is built."""
    versions.check(version)
    if registry and not platforms:
        raise ReleaseError(f"There is no image to push to {registry}; leave out PLATFORMS=none.")
    repository = Repository(ROOT)
    repository.check()
    repository.check_unused(version)
    versions.check_changelog(ROOT, version)
    images.check(platforms, registry)
    head = repository.head()

    def build(tree: Path, into: Path) -> None:
        versions.write(tree, version, datetime.date.today())
        commit = repository.commit(tree, f"Release {version}")
        build_all(repository, tree, platforms, into)
        repository.check()
        if repository.head() != head:
            raise ReleaseError("Another commit was made meanwhile; release that one instead.")
        if registry:
            images.push(version, into, registry)
        repository.advance(commit, version)

    _in_a_copy(repository, build)
    print(f"The version {version} is tagged here as {repository.tag(version)}; publish it with: "
          "git push --follow-tags")  # fmt: skip


def dist(platforms: tuple[str, ...]) -> None:
    """Build from HEAD what a release consists of."""
    repository = Repository(ROOT)
    repository.check()
    images.check(platforms)
    _in_a_copy(repository, lambda tree, into: build_all(repository, tree, platforms, into))


def build_all(repository: Repository, tree: Path, platforms: tuple[str, ...], into: Path) -> None:
    """Build packages and image from `tree`, try them, and write the sums of all files."""
    version, time_s = versions.read(tree), repository.time(tree)
    for file in tree.rglob("*"):  # a builder makes no date later, and keeps those of files it knows
        os.utime(file, (time_s, time_s), follow_symlinks=False)
    for file in packages.build(tree, time_s, into):
        packages.smoke(file, version)
    if platforms:
        images.build(tree, version, time_s, platforms, into)
    sums = [f"{_sum(file)}  {file.name}\n" for file in sorted(into.iterdir())]
    (into / "SHA256SUMS").write_text("".join(sums))


def _in_a_copy(repository: Repository, build: Callable[[Path, Path], None]) -> None:
    """Call `build` with a checkout of HEAD and an empty folder, which then is build/release."""
    made = ROOT / "build" / "release"
    made.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix=".release-", dir=made.parent) as scratch:
        into = Path(scratch, "release")
        into.mkdir()
        with repository.checkout(Path(scratch, "tree")) as tree:
            build(tree, into)
        shutil.rmtree(made, ignore_errors=True)
        into.rename(made)
    print((made / "SHA256SUMS").read_text(), end="")
    print(f"All of it is in {made.relative_to(ROOT)}.")


def _sum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
