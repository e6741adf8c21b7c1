"""What the instructor tells the class, as the wall sends it and labs take it.

Each kind of thing is one field. All are bounded here, so a lab takes nothing else from a wall,
whoever has opened that.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

MOST_BYTES = 65_536
"""What is told is never longer, in JSON."""

_Text = Annotated[str, Meta(max_length=8000)]
_Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class Choice(Struct, frozen=True):
    """One of the answers. Whether it is right is told at the end; before, it is None."""

    text: _Text
    votes: _Count = 0
    right: bool | None = None
    because: _Text = ""


class Ballot(Struct, frozen=True):
    """What those who vote or look see of a poll."""

    poll: _Text
    question: _Text
    code: _Text
    instruction: _Text
    several: bool
    choices: Annotated[tuple[Choice, ...], Meta(max_length=100)]
    voters: _Count = 0
    ended: bool = False


class Told(Struct, frozen=True):
    """All that the class is told just now; None is nothing."""

    poll: Ballot | None = None
