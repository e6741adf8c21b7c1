"""What the instructor tells the class, as the wall sends it and labs take it.

Each kind of thing is one field. All are bounded here, so a lab takes nothing else from a wall,
whoever has opened that.
"""

from __future__ import annotations

import contextlib
import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from swimlanes.markup import legible
from swimlanes.wall.shared import NO_JSON

MOST_BYTES = 65_536
"""What is told is never longer, in JSON."""

LONGEST_LINE = 200
LONGEST_LINK = 500
MOST_MINUTES = 180
HTTPS = re.compile("https://[!-~]+")
"""What a link looks like: it leads to a page, and runs nothing."""

_Text = Annotated[str, Meta(max_length=8000)]
_Line = Annotated[str, Meta(max_length=LONGEST_LINE)]
_Link = Annotated[str, Meta(max_length=LONGEST_LINK, pattern=rf"\A({HTTPS.pattern})?\Z")]
_Seconds = Annotated[float, Meta(ge=0, le=1e12)]
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


class Announcement(Struct, frozen=True):
    """A line for all."""

    name: _Line
    text: _Line
    link: _Link = ""


class Offer(Struct, frozen=True):
    """The lesson to be at. A lab finds out itself where it has that, whatever a wall says."""

    name: _Line
    file: _Text
    title: _Line
    path: _Text = ""


class Timer(Struct, frozen=True):
    """So many minutes, which end at a time by the clock of whoever tells it."""

    name: _Line
    minutes: Annotated[int, Meta(ge=1, le=MOST_MINUTES)]
    ends_s: _Seconds


class Told(Struct, frozen=True):
    """All that the class is told just now; None is nothing."""

    poll: Ballot | None = None
    announcement: Announcement | None = None
    lesson: Offer | None = None
    timer: Timer | None = None


class Sent(Told, frozen=True):
    """What is told, and when it was sent, by the sender's clock: no two clocks agree."""

    now_s: _Seconds = 0.0


def stamped(content: bytes, now_s: float) -> bytes:
    """Return an object in JSON, which is not empty, with the time at which it is sent."""
    return b'{"now_s":%.2f,%b' % (now_s, content[1:])


def taken(content: bytes) -> Sent:
    """Return what was sent, without what does not fit: one bad value leaves the others.

    Raises
    ------
    ValueError
        If it is no object in JSON.
    """
    values = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    fitting: dict[str, Any] = {}
    for field in msgspec.structs.fields(Sent):
        with contextlib.suppress(KeyError, *NO_JSON):
            value = _legible(msgspec.json.decode(values[field.name]))
            fitting[field.name] = msgspec.convert(value, field.type)
    return Sent(**fitting)


def _legible(value: Any) -> Any:  # noqa: ANN401 - what JSON has
    """Return a value with texts that do not steer the place where they are shown."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list):
        return [_legible(each) for each in value]
    return (
        {key: _legible(each) for key, each in value.items()} if isinstance(value, dict) else value
    )
