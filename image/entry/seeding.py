"""Bring the course's files into a participant's folder without losing what they wrote.

A file that the participant has not touched follows the course. One that they have edited stays
as it is; when its original changes, the new one is put beside it, once. A file that they deleted
comes back, which is how to start a lesson afresh.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from swimlanes.course import MANIFEST, START, Piece

_MOST_BYTES = 64 << 20
"""Of the manifest: enough for some hundred thousand files."""


@dataclass
class Seeded:
    """What came of it.

    Attributes
    ----------
    beside : list of Path
        New versions that were put beside edited files, relative to the participant's folder.
    refused : dict of str to OSError
        Which files could not be brought, and why. Every file is whole, whatever happened, and the
        next time goes on from there.
    """

    beside: list[Path] = field(default_factory=list)
    refused: dict[str, OSError] = field(default_factory=dict)


def seed(pieces: Iterable[Piece], folder: Path) -> Seeded:
    """Bring the files of a course into `folder`, which is the participant's.

    Raises
    ------
    OSError
        If there is no such folder, and none can be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _read_manifest(folder)
    seeded = Seeded()
    for piece in pieces:
        try:
            beside = _bring(piece, folder, known)
        except OSError as error:
            seeded.refused[piece.name] = error
        else:
            seeded.beside += [beside.relative_to(folder)] if beside else []
    return seeded


def _bring(piece: Piece, folder: Path, known: dict[str, str]) -> Path | None:
    """Bring a file, and return the path beside if that is where it was put."""
    with _opened(piece) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    beside = _place(piece, folder / piece.name, digest, known.get(piece.name))
    if known.get(piece.name) != digest:
        known[piece.name] = digest
        # At once: what was brought and is not in it would count as edited from now on.
        _write_manifest(folder, known)
    return beside


def _opened(piece: Piece) -> BinaryIO:
    if piece.made is None and piece.source is not None:
        return piece.source.open("rb")
    return io.BytesIO(piece.read())


def _place(piece: Piece, target: Path, digest: str, known: str | None) -> Path | None:
    """Write `piece` to `target`, or beside it if `target` was edited; return the path beside."""
    found = _digest(target) if target.exists() else None
    if found == digest:
        return None
    if found in (None, known) or piece.name == START:
        _copy(_opened(piece), target)
        return None
    if known == digest:
        return None
    beside = _free_name(target, digest)
    _copy(_opened(piece), beside)
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
    with _theirs(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _theirs(path: Path) -> Iterator[BinaryIO]:
    """Open something of the participant's, if it is a file: a pipe or a device may have no end."""
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Something that is no file is in the way")
        yield file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _copy(source: BinaryIO, target: Path) -> None:
    """Write the contents in one step, so that a full disk leaves no half file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    try:
        partial.unlink(missing_ok=True)  # whatever it is
        with source, partial.open("xb") as copy:
            shutil.copyfileobj(source, copy)
        os.replace(partial, target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _read_manifest(folder: Path) -> dict[str, str]:
    """Return the digests, or none if the file is missing or spoilt: then all counts as edited."""
    try:
        with _theirs(folder / MANIFEST) as file:
            too_large = os.fstat(file.fileno()).st_size > _MOST_BYTES
            manifest = None if too_large else json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(folder: Path, digests: dict[str, str]) -> None:
    text = json.dumps(digests, indent=1, sort_keys=True) + "\n"
    _copy(io.BytesIO(text.encode()), folder / MANIFEST)
