"""The version: where it stands, what is derived from it, and its section in the changelog."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

from errors import ReleaseError
from packaging.version import InvalidVersion, Version

SOURCE = Path("widgets/swimlanes/__init__.py")
"""The one place. The packages' metadata and the image's label are told it when they are built."""
STATED = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)

NAMED = Path("image/hub/kubernetes")
"""Its files name images of this version: they are data for another program, which asks nobody."""
NAMES = re.compile(r'((?:swimlanes(?:-nbgitpuller)?:|\btag: ")\b)\d[\w.]*\b')

CHANGELOG = Path("CHANGELOG.md")
UNRELEASED = "## Unreleased\n"


def read(tree: Path) -> str:
    """Return the version of a checkout."""
    stated = STATED.search((tree / SOURCE).read_text())
    assert stated is not None, f"{SOURCE} states no version"
    return stated[1]


def check(version: str) -> None:
    """Refuse what is no version, or none that can be a package's and an image's alike."""
    example = "write it like 1.0.0 or 1.1.0rc1"
    try:
        normal = Version(version)
    except InvalidVersion:
        raise ReleaseError(
            f"VERSION={version} is no version as PEP 440 has it; {example}."
        ) from None
    if normal.local or normal.epoch:
        raise ReleaseError(f"VERSION={version} cannot be the tag of an image; {example}.")
    if str(normal) != version:
        raise ReleaseError(
            f"VERSION={version} is not in the normal form of PEP 440; write {normal}."
        )


def check_changelog(tree: Path, version: str) -> None:
    """Refuse a version that the changelog has already, or of which it tells nothing."""
    text = (tree / CHANGELOG).read_text()
    if re.search(rf"^## {re.escape(version)}\b(?![.\w])", text, re.MULTILINE):
        raise ReleaseError(f"{CHANGELOG} has a section {version} already; choose a later version.")
    _, found, after = text.partition(UNRELEASED)
    if not found or "- " not in after.partition("\n## ")[0]:
        raise ReleaseError(f"{CHANGELOG} has no entries below “Unreleased”; say there what is new.")


def write(tree: Path, version: str, day: datetime.date) -> None:
    """Write the version and all that is derived from it, and date what is new."""
    _change(tree / SOURCE, lambda text: STATED.sub(f'__version__ = "{version}"', text))
    for file in named(tree):
        _change(file, lambda text: NAMES.sub(rf"\g<1>{version}", text))
    dated = f"{UNRELEASED}\n## {version}, {day.isoformat()}\n"
    _change(tree / CHANGELOG, lambda text: text.replace(UNRELEASED, dated, 1))


def named(tree: Path) -> list[Path]:
    """Return the files that name images of this version."""
    files = [file for file in sorted((tree / NAMED).rglob("*")) if file.suffix in (".md", ".yaml")]
    return [file for file in files if NAMES.search(file.read_text())]


def _change(file: Path, how: Callable[[str], str]) -> None:
    file.write_text(how(file.read_text()))
