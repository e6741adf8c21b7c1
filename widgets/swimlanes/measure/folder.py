"""The run's folder: in memory if there is room, with the record sheet in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from swimlanes import wording
from swimlanes.errors import RunError
from swimlanes.sheet import Sheet

IN_MEMORY = "/dev/shm"


def make_folder(tasks_count: int) -> tuple[Path, Sheet]:
    """Make the folder and the sheet for so many tasks.

    Raises
    ------
    RunError
        If there is no room for it; nothing was made.
    """
    places = [place for place in (IN_MEMORY, tempfile.gettempdir()) if os.path.isdir(place)]
    for place in places:
        try:
            return _make_in(place, tasks_count)
        except OSError as refusal:
            error = refusal
    raise RunError(
        f"There is no room for the records of {tasks_count} tasks in {wording.listing(places)} "
        f"({error.strerror}). Free some space there, or run fewer tasks."
    )


def _make_in(place: str, tasks_count: int) -> tuple[Path, Sheet]:
    folder = Path(tempfile.mkdtemp(prefix="swimlanes-", dir=place))
    try:
        return folder, Sheet(folder / "sheet", tasks_count)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
