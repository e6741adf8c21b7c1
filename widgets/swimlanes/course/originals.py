"""The originals of the lessons, and how one of them comes back."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from swimlanes.errors import SwimlanesError
from swimlanes.keep import files

WHERE = "SWIMLANES_COURSE"
"""Environment variable that names the folder with the originals."""


class NoOriginals(SwimlanesError, OSError):
    """There is no original to put a lesson back from, or it could not be put back."""


def originals() -> Path | None:
    """Return the folder that holds the originals, None where there is none."""
    folder = Path(os.environ.get(WHERE) or "/nowhere")
    return folder if folder.is_dir() else None


def reset(folder: Path, file: str) -> Path | None:
    """Put a lesson in a participant's folder back, and return where an edited one is kept.

    Its notebook may be missing or broken. If there is no original, or a file cannot be written,
    nothing has changed.
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
    kept = None
    if lesson.exists() and lesson.read_bytes() != original.read_bytes():
        endings = itertools.chain(("-mine",), (f"-mine-{number}" for number in itertools.count(2)))
        kept = files.first_free(lesson.with_stem(lesson.stem + ending) for ending in endings)
        files.replace(kept, lesson.read_bytes())
    try:
        files.replace(lesson, original.read_bytes())
    except OSError:
        if kept:
            kept.unlink()
        raise
    return kept
