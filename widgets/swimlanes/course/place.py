"""Where this kernel's notebook lies: in which course, and under which name there."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from swimlanes.course.page import START
from swimlanes.course.texts import TEXT

WHERE = "SWIMLANES_COURSE"
"""Environment variable that names the folder with the originals."""
SESSION = "JPY_SESSION_NAME"
"""Environment variable in which Jupyter tells a kernel the path of its notebook."""
MANIFEST = ".course-originals.json"
"""Hidden file in a participant's course: SHA-256 of each original as it was last brought."""

_COPIES = (
    re.compile(r"mine-(.+)-\d{4}-\d\d-\d\d(?:-\d+)?\.ipynb"),
    re.compile(r"(.+)-new(?:-\d+)?\.ipynb"),
)
"""Names that a lesson's copies get when it is put back, and when there is a new version of it."""


def originals() -> Path | None:
    """Return the folder that holds the originals, None where there is none."""
    folder = Path(os.environ.get(WHERE) or "/nowhere")
    return folder if folder.is_dir() else None


def home() -> Path | None:
    """Return the participant's course that the current folder lies in, None outside of one.

    It is where the start page lies. Lessons in a folder may have a start page of that folder, too:
    of several, the course is where the originals were brought to.
    """
    here = Path.cwd()
    starts = [folder for folder in (here, *here.parents) if (folder / START).is_file()]
    brought = [folder for folder in starts if (folder / MANIFEST).is_file()]
    return next(iter(brought or starts), None)


def find_modules() -> None:
    """Let this kernel, and all that it starts, find the course's modules from any of its folders.

    The kernel itself finds those beside its notebook. The others come last, so they hide nothing.
    """
    course = home()
    if course and course != Path.cwd() and str(course) not in sys.path:
        sys.path.append(str(course))


def notebook() -> Path | None:
    """Return the path of this kernel's notebook in the current folder, None if not known."""
    name = Path(os.environ.get(SESSION) or "").name
    return Path.cwd() / name if name else None


def lesson() -> str:
    """Return the file of the lesson that this kernel's notebook is, or is a copy of.

    It is empty for a notebook of the participant's own, and where it is not known.
    """
    course, path = home(), notebook()
    if not course or not path:
        return ""
    copied = (pattern.fullmatch(path.name) for pattern in _COPIES)
    names = [path.name, *(f"{match[1]}.ipynb" for match in copied if match)]
    files = [path.with_name(name).relative_to(course) for name in names]
    source = originals()
    return next((str(file) for file in files if not source or _is_there(source / file)), "")


def _is_there(original: Path) -> bool:
    return original.is_file() or original.with_suffix(TEXT).is_file()
