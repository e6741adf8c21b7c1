"""How far somebody is, as their lab tells it to the class, if they agreed.

They agree for one seat on one wall. The wall takes it for one class: for the next one, they have to
agree again.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from swimlanes import course
from swimlanes.course import Lesson, has_mark
from swimlanes.errors import SwimlanesError
from swimlanes.wall import client
from swimlanes.wall.progress import Progress, exercises_of

AGAIN_S = 15.0
"""After how long a wall is asked again that did not answer, or had no room."""

State = Literal["silent", "beginning", "telling", "taking back"]


def progress_in(folder: Path, lessons: Sequence[Lesson]) -> Progress:
    """Return how far somebody is in the course in `folder`."""
    right, tried = course.recorded(folder), course.tried(folder)
    found: tuple[list[str], list[str]] = [], []
    for name, check, lesson in exercises_of(lessons):
        if has_mark(check, lesson, lessons, right):
            found[0].append(name)
        elif has_mark(check, lesson, lessons, tried):
            found[1].append(name)
    return Progress(*map(tuple, found))


class Telling:
    """Tells the wall how far somebody is, from when they agree until they take it back.

    `look` does all that is to be done, one thing after the other and in a thread of its own.

    Attributes
    ----------
    place : Place or None
        The wall where this lab has a seat.
    state : str
        Whether something is told. What was agreed earlier, holds on.
    trouble : str
        Why the wall does not take it, if so.
    """

    def __init__(self) -> None:
        self.place: client.Place | None = None
        self.state: State = "silent"
        self.trouble = ""
        self._shown: Progress | None = None
        self._asking = False
        self._again_s = 0.0

    def agree(self) -> None:
        """Tell it from now on."""
        self._change("beginning")

    def take_back(self) -> None:
        """Tell nothing more, and let the wall forget what was told."""
        self._change("taking back")

    def look(self, progress: Progress) -> None:
        """Do what is to be done now; this returns at once."""
        if self._asking:
            return
        if (place := client.find()) != self.place:
            self.place, self.trouble, self._shown, self._again_s = place, "", None, 0.0
            self.state = "telling" if place and _agreed() == _mark(place) else "silent"
        if place is None or time.monotonic() < self._again_s:
            return
        if self.state == "taking back":
            self._ask(lambda: client.take_back_progress(place), "silent", None)
        elif self.state == "beginning" or (self.state == "telling" and progress != self._shown):
            begins = self.state == "beginning"
            self._ask(lambda: client.tell_progress(place, progress, begins), "telling", progress)

    def _change(self, state: State) -> None:
        if self.place is not None:
            self.state, self.trouble, self._again_s = state, "", 0.0
            _keep(_mark(self.place) if state == "beginning" else "")

    def _ask(self, act: Callable[[], None], then: State, shown: Progress | None) -> None:
        self._asking, asked = True, self.state

        def told(came: SwimlanesError | None) -> None:
            self.trouble = "" if came is None else str(came)
            if isinstance(came, client.Declined):
                _keep("")
                self.state, self._shown = "silent", None
            elif came is not None:
                self._again_s = time.monotonic() + AGAIN_S
            else:
                self._shown = shown
                if self.state == asked:  # nothing else was wanted meanwhile
                    self.state = then
            self._asking = False

        client.in_background(act, told)


def _mark(place: client.Place) -> str:
    """Return the mark of a seat: that of an account is known by its wall, whatever its token is."""
    token = "" if client.seat_is_set() else place.token
    return hashlib.sha256(f"{place.address} {token}".encode()).hexdigest()


def _file() -> Path:
    return client.folder() / "tells"


def _agreed() -> str:
    """Return the mark of the seat for which it was agreed, or nothing."""
    with contextlib.suppress(OSError, ValueError):
        return _file().read_text(encoding="ascii")
    return ""


def _keep(mark: str) -> None:
    """Keep for which seat it was agreed; where nothing can be kept, it holds until Python ends."""
    with contextlib.suppress(OSError):
        _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _file().write_text(mark, encoding="ascii")
