"""A small course to begin with: as a folder, or as an archive for where there is no folder."""

from __future__ import annotations

import shutil
import sys
import tarfile
from importlib.resources import files
from pathlib import Path

from swimlanes.brief import quoted
from swimlanes.errors import RequestError, SwimlanesError

TEMPLATE = Path(str(files("swimlanes.cli") / "course_template"))
NAME = "my-course"
"""What the folder in the archive is called."""
UNPACK = "tar --extract --keep-old-files"
"""What unpacks the archive: no file that is there already is replaced."""


def write_template(folder: Path) -> None:
    """Write the course into a new folder; nothing is left of it where that fails."""
    try:
        folder.mkdir()
    except FileExistsError:
        raise RequestError(
            f"There is something at {quoted(str(folder))} already; choose another name."
        ) from None
    except OSError as error:
        raise RequestError(
            f"The folder {quoted(str(folder))} cannot be made ({error.strerror}); choose another "
            "place."
        ) from None
    try:
        for source in _sources():
            shutil.copyfile(source, folder / source.name)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise SwimlanesError(
            f"The course cannot be written to {quoted(str(folder))} ({error.strerror})."
        ) from None


def send_template() -> None:
    """Write the course to standard output, as an archive of tar."""
    if sys.stdout.isatty():
        raise RequestError(
            f"An archive cannot be shown on a terminal; end the command with: | {UNPACK}"
        )
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
        for source in _sources():
            entry = tarfile.TarInfo(f"{NAME}/{source.name}")
            entry.size = source.stat().st_size
            with source.open("rb") as file:
                archive.addfile(entry, file)


def _sources() -> list[Path]:
    return sorted(path for path in TEMPLATE.iterdir() if path.is_file())
