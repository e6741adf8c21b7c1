"""What the instructor tells the class: a line, the lesson to be at, a timer. No network here."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from swimlanes import course
from swimlanes.brief import plural, quoted
from swimlanes.errors import RequestError
from swimlanes.markup import legible, short
from swimlanes.wall import clock
from swimlanes.wall.refusals import NothingThere
from swimlanes.wall.told import (
    HTTPS,
    LONGEST_LINE,
    LONGEST_LINK,
    MOST_MINUTES,
    Announcement,
    Offer,
    Timer,
)

Kind = Literal["announcement", "lesson", "timer"]
NO_COURSE = (
    "This wall knows no lessons: name the course's folder in SWIMLANES_COURSE, then start it again."
)


class Steering:
    """What a class is told, one of each kind at a time; the next takes its place.

    Parameters
    ----------
    changed : callable
        Is called when there is something new to see.
    now_s : callable, optional
        A clock, seconds.
    """

    def __init__(
        self, changed: Callable[[], None], now_s: Callable[[], float] = clock.now_s
    ) -> None:
        self._changed = changed
        self._now_s = now_s
        self.announcement: Announcement | None = None
        self.lesson: Offer | None = None
        self.timer: Timer | None = None

    def announce(self, text: str, link: str = "") -> None:
        """Tell the class a line, with a link if there is one.

        Raises
        ------
        RequestError
            If the line is empty or too long, or if the link leads anywhere but to a page by https.
        """
        line, link = _line(text), link.strip()
        if not 0 < len(line) <= LONGEST_LINE:
            raise RequestError(
                f"An announcement has 1 to {LONGEST_LINE} characters, not {len(line)}."
            )
        if link and not _is_safe(link):
            raise RequestError(
                f"The link {quoted(link)} cannot be used: it must begin with https://, without "
                f"spaces or letters beyond ASCII, and have at most {LONGEST_LINK} characters."
            )
        self.announcement = Announcement(_name(), line, link)
        self._changed()

    def offer(self, file: str) -> None:
        """Offer to all to go to the lesson with this file.

        Raises
        ------
        RequestError
            If the course has no such lesson.
        """
        titles = dict(lessons())
        if not titles:
            raise RequestError(NO_COURSE)
        if file not in titles:
            raise RequestError(f"The course has no lesson {quoted(file)}: choose another one.")
        self.lesson = Offer(_name(), file, titles[file])
        self._changed()

    def start_timer(self, minutes: int) -> None:
        """Let a timer run for so many minutes.

        Raises
        ------
        RequestError
            If these are none, or too many.
        """
        if not 1 <= minutes <= MOST_MINUTES:
            raise RequestError(
                f"A timer has 1 to {MOST_MINUTES} minutes, not {plural(minutes, 'minute')}."
            )
        self.timer = Timer(_name(), minutes, round(self._now_s() + 60 * minutes, 2))
        self._changed()

    def check(self, kind: Kind, name: str) -> None:
        """Refuse what is meant for something that is told no longer."""
        told: Announcement | Offer | Timer | None = getattr(self, kind)
        if told is None or told.name != name:
            raise NothingThere(f"This {kind} is no longer on the wall: look at what is there now.")

    def take_back(self, *kinds: Kind) -> None:
        """Forget what was told of these kinds."""
        for kind in kinds:
            setattr(self, kind, None)
        self._changed()


def lessons() -> list[tuple[str, str]]:
    """Return files and titles of the course's lessons, in order; none without a course."""
    folder = course.originals()
    found = course.material(folder).lessons if folder else []
    return [(lesson.file, short(_line(lesson.title), LONGEST_LINE)) for lesson in found]


def _line(text: str) -> str:
    return " ".join(legible(text).split())


def _is_safe(link: str) -> bool:
    try:
        host = urlsplit(link).hostname
    except ValueError:
        return False
    return bool(host and HTTPS.fullmatch(link)) and len(link) <= LONGEST_LINK


def _name() -> str:
    """Return a name that nothing else has had: by that, a lab knows what was closed in it."""
    return secrets.token_hex(8)
