"""How far a class is: who has which exercise right or is trying. Nothing here knows a network.

Each seat tells only of itself, and only exercises that the wall's own course has. What is seen of
it are counts.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from swimlanes import course
from swimlanes.brief import quoted
from swimlanes.course import Lesson
from swimlanes.errors import RequestError
from swimlanes.markup import legible, short
from swimlanes.wall.pace import Pace
from swimlanes.wall.refusals import TooMuch

MOST_EXERCISES = 300
"""Of so many exercises of a course the wall knows: the first ones."""
LONGEST_NAME = 150
MOST_SEATS = 100
MOST_A_MINUTE = 30
READ_EVERY_S = 10.0
"""After so long the course is read again for an exercise that is not known: it may be a new one."""
_LONGEST_TITLE = 60

_Name = Annotated[str, Meta(max_length=LONGEST_NAME)]
_Names = Annotated[tuple[_Name, ...], Meta(max_length=MOST_EXERCISES)]


class Progress(Struct, frozen=True, forbid_unknown_fields=True):
    """How far somebody is: the names of exercises, as `exercises_of` gives them."""

    right: _Names = ()
    trying: _Names = ()


class Exercise(NamedTuple):
    """An exercise of a lesson; its name tells it from those of all other lessons."""

    name: str
    check: str
    lesson: Lesson

    @property
    def title(self) -> str:
        """What the lesson calls it."""
        return self.lesson.exercises[self.check]


class Counted(Struct, frozen=True):
    """How many have an exercise right, are trying, or have not begun."""

    title: str
    right: int
    trying: int
    untouched: int


class Stage(Struct, frozen=True):
    """A lesson, and how far the class is in it."""

    title: str
    exercises: tuple[Counted, ...]


def exercises_of(lessons: Sequence[Lesson]) -> list[Exercise]:
    """Return the exercises of a course that a wall can know, in order."""
    found = [
        Exercise(f"{lesson.file}: {check}", check, lesson)
        for lesson in lessons
        for check in lesson.exercises
    ]
    return [exercise for exercise in found if len(exercise.name) <= LONGEST_NAME][:MOST_EXERCISES]


class ClassProgress:
    """How far all who tell it are.

    Parameters
    ----------
    changed : callable
        Is called when there is something new to see.
    now_s : callable
        A clock, seconds.
    """

    def __init__(self, changed: Callable[[], None], now_s: Callable[[], float]) -> None:
        self._changed, self._now_s = changed, now_s
        self._pace = Pace("told how far you are", MOST_A_MINUTE, MOST_SEATS, now_s)
        self._told: dict[str, Progress] = {}
        self._classes, self._taken_back = 0, Counter[str]()
        self._exercises: list[Exercise] = []
        self._read_s: float | None = None
        self._reading = threading.Lock()

    @property
    def people(self) -> int:
        """How many tell how far they are."""
        return len(self._told)

    def expect(self, seat: str, begins: bool) -> None:
        """Refuse a seat that may not tell how far it is.

        Who tells it once has agreed to tell this class, and nobody else goes on.
        """
        if seat not in self._told:
            if not begins:
                raise RequestError(
                    "This wall shows nothing of you: it has begun anew since you agreed to tell "
                    "how far you are, or this was taken back elsewhere."
                )
            if len(self._told) >= MOST_SEATS:
                raise TooMuch(f"{MOST_SEATS} people tell how far they are already: no more can.")
        self._pace.keep(seat)

    def unknown(self, progress: Progress) -> str:
        """Return the name of an exercise that the course of the wall has not, or nothing."""
        known = {exercise.name for exercise in self._exercises}
        return next((name for name in (*progress.right, *progress.trying) if name not in known), "")

    def read_course(self) -> None:
        """Read the exercises of the wall's own course, unless that was just done.

        It may be done in a thread: a course of texts takes its time.
        """
        with self._reading:
            now_s = self._now_s()
            if self._read_s is None or now_s - self._read_s >= READ_EVERY_S:
                folder = course.originals()
                self._exercises = exercises_of(course.material(folder).lessons) if folder else []
                self._read_s = now_s

    def tell(self, seat: str, progress: Progress) -> None:
        """Take how far a seat is, in place of what it told before.

        Raises
        ------
        RequestError
            If the course of the wall has no such exercise. Then nothing is seen of the seat.
        """
        if unknown := self.unknown(progress):
            self.take_back(seat)
            raise RequestError(
                f"The course on the wall has no exercise {quoted(short(unknown))}, so the wall "
                "shows nothing of you. Tell your instructor."
                if self._exercises
                else "This wall has no course, so it cannot show how far you are: its instructor "
                "names the folder in SWIMLANES_COURSE when the wall starts."
            )
        if self._told.get(seat) != progress:
            self._told[seat] = progress
            self._changed()

    def agreement(self, seat: str) -> tuple[int, int]:
        """Return what is another value when a seat has to agree anew to tell how far it is."""
        return self._classes, self._taken_back[seat]

    def take_back(self, seat: str) -> None:
        """Forget what a seat told."""
        self._taken_back[seat] += 1
        if self._told.pop(seat, None):
            self._changed()

    def forget(self) -> None:
        """Forget what all have told."""
        self._classes += 1
        self._taken_back.clear()
        self._told.clear()
        self._changed()

    def stages(self) -> list[Stage]:
        """Return the lessons in which somebody has begun; the last one, where most are, first."""
        right = Counter(name for told in self._told.values() for name in set(told.right))
        trying = Counter(
            name for told in self._told.values() for name in {*told.trying} - {*told.right}
        )
        stages = []
        for lesson, exercises in groupby(self._exercises, lambda each: each.lesson):
            counted = tuple(
                self._counted(each, right[each.name], trying[each.name]) for each in exercises
            )
            if any(each.right or each.trying for each in counted):
                stages.append(Stage(_shown(lesson.title), counted))
        return stages[::-1]

    def _counted(self, exercise: Exercise, right: int, trying: int) -> Counted:
        return Counted(_shown(exercise.title), right, trying, self.people - right - trying)


def _shown(title: str) -> str:
    return short(legible(title), _LONGEST_TITLE)
