"""The originals of the lessons, and how one of them comes back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from swimlanes.errors import SwimlanesError

WHERE = "SWIMLANES_COURSE"
"""Environment variable that names the folder with the originals."""


class NoOriginals(SwimlanesError, OSError):
    """There is no original to put a lesson back from, or it could not be put back."""


def originals() -> Path | None:
    """Return the folder that holds the originals, None where there is none."""
    folder = Path(os.environ.get(WHERE) or "/nowhere")
    return folder if folder.is_dir() else None


def reset(folder: Path, file: str) -> Path | None:
    """Put a lesson back to its original; an edited one is kept beside it.

    Parameters
    ----------
    folder : Path
        The participant's course.
    file : str
        Name of the lesson's notebook; it may be missing or broken.

    Returns
    -------
    Path or None
        Where the edited one is kept; None if there was none.

    Raises
    ------
    NoOriginals
        If there is no original, or a file could not be written; then nothing has changed.
    """
    source = originals()
    if not source or not (source / file).is_file():
        raise NoOriginals(
            f"There is no original of {file} here to go back to. Outside of the lab, fetch the "
            "course again."
        )
    try:
        return _put_back(source / file, folder / file)
    except OSError as error:
        raise NoOriginals(
            f"{file} could not be put back ({error.strerror}); it is as it was."
        ) from error


def _put_back(original: Path, lesson: Path) -> Path | None:
    """Replace the lesson in one step, after its copy is safe."""
    partial = lesson.with_name(f".{lesson.name}.part")
    kept = _free_name(lesson) if _edited(original, lesson) else None
    try:
        shutil.copyfile(original, partial)
        if kept:
            shutil.copyfile(lesson, kept)
        os.replace(partial, lesson)
    except OSError:
        for leftover in filter(None, (partial, kept)):
            leftover.unlink(missing_ok=True)
        raise
    return kept


def _edited(original: Path, lesson: Path) -> bool:
    return lesson.exists() and lesson.read_bytes() != original.read_bytes()


def _free_name(path: Path) -> Path:
    """Return the first of ``name-mine.ext``, ``name-mine-2.ext``, … that is not taken."""
    number = 1
    while True:
        suffix = "-mine" if number == 1 else f"-mine-{number}"
        candidate = path.with_name(path.stem + suffix + path.suffix)
        if not candidate.exists():
            return candidate
        number += 1
