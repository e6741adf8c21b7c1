"""The run's folder: in memory if there is room, with the record sheet in it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from swimlanes.errors import RunError
from swimlanes.sheet import Sheet

IN_MEMORY = "/dev/shm"
PLACES = (IN_MEMORY, None)
"""Where to look for room, best first; None stands for the folder for temporary files."""


def make_folder(tasks_count: int) -> tuple[Path, Sheet]:
    """Make the folder and the sheet for so many tasks.

    Raises
    ------
    RunError
        If there is no room for it; nothing was made.
    """
    why: str | None = None
    for place in PLACES:
        try:
            return _make_in(place, tasks_count)
        except OSError as refusal:
            why = refusal.strerror
    raise RunError(
        f"There is no room for the records of {tasks_count} tasks in {IN_MEMORY} or the folder for "
        f"temporary files ({why}). Free some space there, or run fewer tasks."
    )


def _make_in(place: str | None, tasks_count: int) -> tuple[Path, Sheet]:
    folder = Path(tempfile.mkdtemp(prefix="swimlanes-", dir=place))
    try:
        return folder, Sheet(folder / "sheet", tasks_count)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
