"""Files that are there as a whole or not at all, and what to say where there is none."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from uuid import uuid4

from swimlanes.errors import SwimlanesError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name in its folder, then give it its own.

    Raises
    ------
    SwimlanesError
        If it cannot be written; a file that was there before is still as it was.
    """
    target = path.resolve()  # a link stays a link
    part = target.with_name(f".swimlanes-{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise SwimlanesError(
            f"The file {str(path)!r} cannot be saved ({error.strerror}). Choose another place, or "
            "make room there."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises
    ------
    SwimlanesError
        If it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SwimlanesError(
            f"The record {str(path)!r} cannot be read ({error.strerror}). Check its name."
        ) from error
    except UnicodeDecodeError as error:
        raise SwimlanesError(
            f"The file {str(path)!r} is no record: it holds no text. Give the .json file that a "
            "run or a study was saved to."
        ) from error
