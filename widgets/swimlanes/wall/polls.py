"""A question of the course on which the class votes. Nothing here knows a network.

Who voted for what is known here alone, and only until the poll is put away or the class closes.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from swimlanes.brief import plural, quoted
from swimlanes.errors import RequestError
from swimlanes.markup import legible
from swimlanes.quizzes.kinds import Option, Question
from swimlanes.quizzes.reading import questions
from swimlanes.wall.refusals import NothingThere, TooMuch
from swimlanes.wall.told import Ballot, Choice

MOST_VOTERS = 100
MOST_CHANGES = 20
"""So often somebody may vote for something else, in one poll."""
LONGEST = 4000
"""A question with its options may have so many characters: it has to be read from far away."""


@dataclass
class Poll:
    """A question that is put to the class, and what each seat has chosen."""

    question: Question
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    """By this a vote says which poll it is for; no poll has had it before."""
    ended: bool = False
    votes: dict[str, frozenset[int]] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)

    def vote(self, seat: str, chosen: frozenset[int]) -> bool:
        """Take a vote in place of the seat's earlier one, and return whether it is another one."""
        if self.votes.get(seat) == chosen:
            return False
        if seat not in self.votes and len(self.votes) >= MOST_VOTERS:
            raise TooMuch(f"{MOST_VOTERS} people have voted already, and no more can.")
        if self._times[seat] > MOST_CHANGES:
            raise TooMuch(f"You changed your vote {MOST_CHANGES} times: now it stays as it is.")
        self._times[seat] += 1
        self.votes[seat] = chosen
        return True

    def ballot(self, counted: bool) -> Ballot:
        """Return what is seen of it: the votes at the end, or if they are to be counted."""
        counted = counted or self.ended
        votes = Counter(index for chosen in self.votes.values() for index in chosen)
        return Ballot(
            poll=self.name,
            question=legible(self.question.question),
            code=legible(self.question.code),
            instruction=self.question.instruction,
            several=not self.question.one_right,
            choices=tuple(
                self._choice(option, votes[index] if counted else 0)
                for index, option in enumerate(self.question.options)
            ),
            voters=len(self.votes) if counted else 0,
            ended=self.ended,
        )

    def _choice(self, option: Option, votes: int) -> Choice:
        """Return an answer; whether it is right, and why, only at the end."""
        text = legible(option.text)
        if not self.ended:
            return Choice(text, votes)
        return Choice(text, votes, option.right, legible(option.because))


class Polls:
    """The polls of a class, of which one is there at a time.

    Parameters
    ----------
    changed : callable
        Is called when there is something new to see.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.now: Poll | None = None

    def open(self, name: str) -> None:
        """Put the question with this name to the class.

        Raises
        ------
        RequestError
            If there is no such question, if it is too long, or if the class still votes on another.
        """
        if self.now and not self.now.ended:
            raise RequestError("The class votes on a question already: end that poll first.")
        question = next((each for each in questions()[0] if each.name == name), None)
        if question is None:
            raise RequestError(f"The course has no question {quoted(name)}: choose another one.")
        if (length := len(str(question))) > LONGEST:
            raise RequestError(
                f"The question {quoted(name)} has {plural(length, 'character')}, and a poll has at "
                f"most {LONGEST}: choose another one."
            )
        self._show(Poll(question))

    def vote(self, seat: str, poll: str, chosen: tuple[int, ...]) -> None:
        """Take the vote of a seat: the places of the choices, counted from 0.

        Raises
        ------
        RequestError
            If the class votes on something else, or if nobody can vote like that.
        """
        now = self.now
        if now is None or now.name != poll or now.ended:
            raise RequestError("This poll has ended: your vote came too late.")
        wanted, options = frozenset(chosen), now.question.options
        if len(wanted) != len(chosen) or not wanted <= set(range(len(options))):
            raise RequestError(f"Choose among the {len(options)} answers, each at most once.")
        if not wanted or (now.question.one_right and len(wanted) > 1):
            raise RequestError(f"This is no vote. {now.question.instruction}")
        if now.vote(seat, wanted):
            self._changed()

    def check(self, name: str) -> None:
        """Refuse what is meant for a poll that is there no longer."""
        if self.now is None or self.now.name != name:
            raise NothingThere("This poll is no longer on the wall: look at what is there now.")

    def end(self) -> None:
        """Take no more votes, and show the answer."""
        if self.now is None:
            raise RequestError("There is no poll to end: reload the page.")
        self.now.ended = True
        self._changed()

    def put_away(self) -> None:
        """Forget the poll."""
        self._show(None)

    def _show(self, poll: Poll | None) -> None:
        self.now = poll
        self._changed()


def listed() -> tuple[list[tuple[str, str]], list[str]]:
    """Return names and words of all questions of the course, and a sentence on each fault."""
    found, faults = questions()
    return [(each.name, legible(str(each))) for each in found], [legible(each) for each in faults]
