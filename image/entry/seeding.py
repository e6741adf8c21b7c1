"""Bring the course's files into a participant's folder without losing what they wrote.

A file that the participant has not touched follows the course. One that they have edited stays
as it is; when its original changes, the new one is put beside it, once. A file that they deleted
comes back, which is how to start a lesson afresh. Standard library only: this also runs outside
of the image, with any Python.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

START_PAGE = "START.ipynb"
"""Holds nothing of the participant's, although to look at it is to edit it; follows the course."""

MANIFEST = ".course-originals.json"
"""Hidden file in the participant's folder: SHA-256 of each original as it was last brought."""


def seed(course: Path, folder: Path) -> list[Path]:
    """Bring the files of `course` into `folder`.

    Parameters
    ----------
    course : Path
        The originals. Hidden files and folders are no course material.
    folder : Path
        The participant's folder; made if it is missing.

    Returns
    -------
    list of Path
        New versions that were put beside edited files, relative to `folder`.

    Raises
    ------
    OSError
        If a file cannot be read or written. Every file is whole, whatever happened, and the next
        time goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _read_manifest(folder)
    beside = []
    for name in _originals(course):
        digest = _digest(course / name)
        beside.append(_place(course / name, folder / name, digest, known.get(name)))
        if known.get(name) != digest:
            known[name] = digest
            # At once: what was brought and is not in it would count as edited from now on.
            _write_manifest(folder, known)
    return [path.relative_to(folder) for path in beside if path]


def _originals(course: Path) -> Iterator[str]:
    for path in sorted(course.rglob("*")):
        relative = path.relative_to(course)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield str(relative)


def _place(original: Path, target: Path, digest: str, known: str | None) -> Path | None:
    """Copy `original` to `target`, or beside it if `target` was edited; return the path beside."""
    found = _digest(target) if target.exists() else None
    if found == digest:
        return None
    if found in (None, known) or target.name == START_PAGE:
        _copy(original, target)
        return None
    if known == digest:
        return None
    beside = _free_name(target, digest)
    _copy(original, beside)
    return beside


def _free_name(path: Path, digest: str) -> Path:
    """Return the first of ``name-new.ext``, ``name-new-2.ext``, … that holds nothing else."""
    number = 1
    while True:
        suffix = "-new" if number == 1 else f"-new-{number}"
        candidate = path.with_name(path.stem + suffix + path.suffix)
        if not candidate.exists() or _digest(candidate) == digest:
            return candidate
        number += 1


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copy(source: Path, target: Path) -> None:
    """Copy the contents in one step, so that a full disk leaves no half file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, partial)
        os.replace(partial, target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _read_manifest(folder: Path) -> dict[str, str]:
    """Return the digests, or none if the file is missing or spoilt: then all counts as edited."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(folder: Path, digests: dict[str, str]) -> None:
    partial = folder / f"{MANIFEST}.part"
    partial.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n")
    os.replace(partial, folder / MANIFEST)
