"""How far somebody is, as their lab tells it to the class, if they agreed.

They agree for one seat on one wall. The wall takes it for one class: for the next one, they have to
agree again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from swimlanes import course
from swimlanes.course import Lesson, has_mark
from swimlanes.wall import client
from swimlanes.wall.errands import Errands
from swimlanes.wall.progress import Progress, exercises_of

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
    """

    def __init__(self) -> None:
        self.place: client.Place | None = None
        self.state: State = "silent"
        self._shown: Progress | None = None
        self._errands = Errands()

    @property
    def trouble(self) -> str:
        """Why the wall does not take it, if so."""
        return self._errands.trouble

    def agree(self) -> None:
        """Tell it from now on."""
        self._change("beginning")

    def take_back(self) -> None:
        """Tell nothing more, and let the wall forget what was told."""
        self._change("taking back")

    def look(self, progress: Progress) -> None:
        """Do what is to be done now; this returns at once."""
        if not self._errands.under_way and (place := client.find()) != self.place:
            if (left := self.place) and self.state != "silent":  # nobody could take it back there
                client.in_background(lambda: client.take_back_progress(left), lambda _: None)
            self.place, self._shown = place, None
            self.state = "telling" if place and _agreed() == _mark(place) else "silent"
            self._errands.forget_trouble()
        if (place := self.place) is None or not self._errands.may_ask:
            return
        if self.state == "taking back":
            self._errands.ask(lambda: client.take_back_progress(place), self._end, self._end)
        elif self.state == "beginning" or (self.state == "telling" and progress != self._shown):
            begins = self.state == "beginning"
            self._errands.ask(
                lambda: client.tell_progress(place, progress, begins),
                lambda _: self._told(progress),
                self._end,
            )

    def _change(self, state: State) -> None:
        if self.place is not None:
            self.state = state
            self._errands.forget_trouble()
            _keep(_mark(self.place) if state == "beginning" else "")

    def _told(self, progress: Progress) -> None:
        self._shown = progress
        if self.state == "beginning":  # and nobody has taken it back meanwhile
            self.state = "telling"

    def _end(self, _: object = None) -> None:
        _keep("")
        self.state, self._shown = "silent", None


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
