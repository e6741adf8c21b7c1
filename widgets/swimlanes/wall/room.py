"""What a class has shared: in memory, until the class closes. Nothing here knows a network.

A seat is a key that only its owner has. Everybody else knows a person by a number, which is given
in the order in which people first share something or raise their hand. People of a class that is
shown again keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple, TypeAlias

from swimlanes.brief import plural
from swimlanes.drawing.svg import amount
from swimlanes.errors import RequestError
from swimlanes.markup import legible, short
from swimlanes.wall import clock
from swimlanes.wall.hands import Hands
from swimlanes.wall.pace import Pace
from swimlanes.wall.polls import Polls
from swimlanes.wall.progress import ClassProgress
from swimlanes.wall.refusals import NothingThere, TooMuch
from swimlanes.wall.shared import OWN, Shared, SharedGuess, SharedStudy
from swimlanes.wall.steering import Steering

MOST_SEATS = 100
MOST_OF_A_SEAT = 16
"""So many items of a seat are kept; the oldest goes."""
MOST_A_MINUTE = 20
"""So many items a seat may share within a minute."""
LONGEST_NOTE = 100


class Work(NamedTuple):
    """What was measured: curves of the same work share a chart."""

    mode: str
    workload: str
    scaling: str
    tasks_count: int
    task_ms: float | None
    task_bytes: int | None
    lengths: str

    @property
    def name(self) -> str:
        """The work in words."""
        size = "" if self.task_ms is None else f" of {self.task_ms:g} ms"
        size += "" if self.task_bytes is None else f" of {amount(self.task_bytes)}"
        workload = "own function" if self.workload == OWN else self.workload
        parts = [f"{self.mode}: {workload}, {plural(self.tasks_count, 'task')}{size}"]
        parts += [] if self.lengths in ("equal", OWN) else [f"lengths {short(self.lengths, 20)}"]
        parts += ["weak scaling"] if self.scaling == "weak" else []
        return ", ".join(parts)


class Question(NamedTuple):
    """What was to be guessed: the speedup of a mode with so many workers."""

    mode: str
    workers: int

    @property
    def name(self) -> str:
        """The question in words."""
        return f"guesses: {self.mode}, {plural(self.workers, 'worker')}"


Subject: TypeAlias = Work | Question


@dataclass
class Entry:
    """What one person has shared about one subject, and what the instructor made of it."""

    item: Shared
    at_s: float
    hidden: bool = False
    note: str = ""


@dataclass
class Topic:
    """All that was shared about one subject, by the persons' numbers."""

    number: int
    subject: Subject
    entries: dict[int, Entry] = field(default_factory=dict)
    revision: int = 0

    @property
    def name(self) -> str:
        """The subject in words."""
        return self.subject.name

    @property
    def seen(self) -> dict[int, Entry]:
        """The entries that are not hidden."""
        return {person: entry for person, entry in self.entries.items() if not entry.hidden}


@dataclass
class _Seat:
    number: int
    shared: list[int] = field(default_factory=list)
    """Numbers of the topics, the one shared last at the end."""


class Classroom:
    """A class, and what it has shared.

    Parameters
    ----------
    title : str
        What the wall is headed with.
    now_s : callable, optional
        A clock, seconds.
    """

    def __init__(self, title: str, now_s: Callable[[], float] = clock.now_s) -> None:
        self.title = title
        self.open = True
        self.opened = 1
        """How often it was opened: numbers of persons hold for one time."""
        self.revision = 0
        self.polls = Polls(self._anew)
        self.steering = Steering(self._anew, now_s)
        self.progress = ClassProgress(self._anew, now_s)
        self.hands = Hands(self._anew, now_s)
        self._pace = Pace("shared", MOST_A_MINUTE, MOST_SEATS, now_s)
        self._now_s = now_s
        self._start_s = now_s()
        self._seats: dict[str, _Seat] = {}
        self._topics: dict[int, Topic] = {}
        self._given = 0
        self._news: list[int] = []

    @property
    def now_s(self) -> float:
        """The time by the clock of the class."""
        return self._now_s()

    @property
    def people(self) -> int:
        """How many have shared something."""
        return sum(bool(seat.shared) for seat in self._seats.values())

    @property
    def topics(self) -> list[Topic]:
        """What was shared, the newest subject first."""
        return [self._topics[number] for number in sorted(self._topics, reverse=True)]

    def number_of(self, seat: str | None) -> int | None:
        """Return the number of a seat, or None if nobody has seen anything of it yet."""
        return self._seats[seat].number if seat in self._seats else None

    def share(self, seat: str, item: Shared) -> int:
        """Take what a seat shares, and return its number.

        The same subject once more replaces what was shared before.

        Raises
        ------
        TooMuch
            If the seat shares too fast, or if there is no room for another seat.
        RequestError
            If the class is closed, or if a guess comes after its result.
        """
        known = self._known(seat)
        self._pace.keep(seat)
        if isinstance(item, SharedGuess):
            self._refuse_late(known, item.mode)
        self._take(known, item)
        return known.number

    def raise_hand(self, seat: str, name: str, place: str) -> None:
        """Raise the hand of a seat: under its account's name, or its number if it has none.

        Who has a name has no number there: curves are nobody's.
        """
        self.check_open()
        place = self.hands.expect(seat, place)  # who is refused takes no number
        self.hands.put_up(seat, name or f"person {self._known(seat).number}", place)

    def expect(self, persons: Iterable[int]) -> None:
        """Keep the numbers of people who shared something in a class that was recorded."""
        self._seats |= {_recorded(person): _Seat(person) for person in persons}

    def replay(self, person: int, entry: Entry) -> None:
        """Take what somebody shared there who is expected, in whatever order it comes."""
        self.check_open()
        topic = self._take(self._seats[_recorded(person)], entry.item)
        topic.entries[person].hidden = entry.hidden
        topic.entries[person].note = entry.note

    def topic(self, number: int) -> Topic:
        """Return a topic by its number."""
        if number not in self._topics:
            raise NothingThere(f"There is no topic {number} on this wall: reload the page.")
        return self._topics[number]

    def hide(self, number: int, person: int, hidden: bool) -> None:
        """Take somebody's entry off the wall, or put it back."""
        topic = self.topic(number)
        self._entry(topic, person).hidden = hidden
        self._change(topic)

    def explain(self, number: int, person: int, note: str) -> None:
        """Say something beside somebody's entry; nothing takes it away again."""
        topic = self.topic(number)
        note = " ".join(legible(note).split())
        if len(note) > LONGEST_NOTE:
            raise RequestError(f"A note has at most {LONGEST_NOTE} characters, not {len(note)}.")
        self._entry(topic, person).note = note
        self._change(topic)

    def close(self) -> None:
        """Forget everything; nothing can be shared any more."""
        self.open = False
        self._seats.clear()
        self._topics.clear()
        self._news.clear()
        self.polls.put_away()
        self.steering.take_back("announcement", "lesson", "timer")
        self.progress.forget()
        self.hands.forget()
        self._anew()

    def reopen(self) -> None:
        """Begin anew, with nobody and nothing, after the class was closed."""
        if self.open:
            raise RequestError("This class is open: close it first, which forgets everything.")
        self.open = True
        self.opened += 1
        self._start_s = self._now_s()
        self._anew()

    def check_open(self) -> None:
        """Refuse what comes after the end of the class."""
        if not self.open:
            raise RequestError("This class is closed: the wall takes nothing more.")

    def news(self) -> str:
        """Say who has shared something since this was last asked."""
        numbers = sorted(set(self._news))
        self._news.clear()
        if not numbers:
            return ""
        who = "Person" if len(numbers) == 1 else "People"
        return f"{who} {', '.join(map(str, numbers))} shared."

    def _known(self, seat: str) -> _Seat:
        """Return a seat; a new one gets its number."""
        self.check_open()
        if seat not in self._seats:
            if len(self._seats) >= MOST_SEATS:
                raise TooMuch(f"The wall has room for {MOST_SEATS} people, and all of it is taken.")
            taken = {known.number for known in self._seats.values()}
            self._seats[seat] = _Seat(next(number for number in count(1) if number not in taken))
        return self._seats[seat]

    def _take(self, seat: _Seat, item: Shared) -> Topic:
        topic = self._topic_of(item)
        earlier = topic.entries.get(seat.number)
        hidden = earlier is not None and earlier.hidden  # nobody comes back by sharing once more
        topic.entries[seat.number] = Entry(item, self._now_s() - self._start_s, hidden)
        if topic.number in seat.shared:
            seat.shared.remove(topic.number)
        seat.shared.append(topic.number)
        if len(seat.shared) > MOST_OF_A_SEAT:
            self._drop(seat.shared.pop(0), seat.number)
        self._news.append(seat.number)
        self._change(topic)
        return topic

    def _refuse_late(self, seat: _Seat, mode: str) -> None:
        for number in seat.shared:
            subject = self._topics[number].subject
            if isinstance(subject, Work) and subject.mode == mode:
                raise RequestError(
                    f"A guess comes before its result, and you have shared one of {mode} already."
                )

    def _topic_of(self, item: Shared) -> Topic:
        subject = _subject(item)
        for topic in self._topics.values():
            if topic.subject == subject:
                return topic
        self._given += 1
        self._topics[self._given] = Topic(self._given, subject)
        return self._topics[self._given]

    def _drop(self, number: int, person: int) -> None:
        topic = self._topics[number]
        del topic.entries[person]
        if not topic.entries:
            del self._topics[number]
        self._change(topic)

    def _entry(self, topic: Topic, person: int) -> Entry:
        if person not in topic.entries:
            raise NothingThere(f"Person {person} has shared nothing about this: reload the page.")
        return topic.entries[person]

    def _anew(self) -> None:
        self.revision += 1

    def _change(self, topic: Topic) -> None:
        self._anew()
        topic.revision = self.revision


def entries_of(room: Classroom) -> Iterator[tuple[int, Entry]]:
    """Yield all entries with their persons' numbers, in the order in which they were shared."""
    found = [pair for topic in reversed(room.topics) for pair in topic.entries.items()]
    yield from sorted(found, key=lambda pair: pair[1].at_s)


def _recorded(person: int) -> str:
    """Return the seat of somebody in a class that was recorded."""
    return f"recorded {person}"


def _subject(item: Shared) -> Subject:
    if isinstance(item, SharedStudy):
        return Work(*(getattr(item, name) for name in Work._fields))
    return Question(item.mode, item.workers)
