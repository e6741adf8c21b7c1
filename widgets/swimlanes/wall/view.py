"""What the wall's page gets: the state of the room, and one topic with its picture and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from swimlanes.brief import plural
from swimlanes.drawing import look
from swimlanes.drawing.classroom import Curve, class_curves, class_guesses
from swimlanes.drawing.possible import is_beyond
from swimlanes.markup import Markup
from swimlanes.wall.room import Classroom, Entry, Topic, Work
from swimlanes.wall.shared import SharedGuess, SharedPoint, SharedStudy
from swimlanes.wall.told import Told

MOST_TOPICS = 50
"""So many topics can be chosen on the page; older ones are in the table of the class alone."""


def state(room: Classroom) -> bytes:
    """Return what is on the wall, in few words, as JSON."""
    topics = [
        {
            "number": topic.number,
            "name": topic.name,
            "people": len(topic.seen),
            "revision": topic.revision,
        }
        for topic in room.topics[:MOST_TOPICS]
    ]
    poll, steering = room.polls.now, room.steering
    told = {
        "open": room.open,
        "opened": room.opened,
        "people": room.people,
        "news": room.news(),
        "topics": topics,
        "poll": poll and poll.ballot(counted=True),
        "announcement": steering.announcement,
        "lesson": steering.lesson,
        "timer": steering.timer,
        "telling": room.progress.people,
        "stages": room.progress.stages(),
        "hands": len(room.hands.up),
    }
    return msgspec.json.encode(told)


def told(room: Classroom) -> bytes:
    """Return what the class is told, for labs, as JSON."""
    poll, steering = room.polls.now, room.steering
    ballot = poll.ballot(counted=False) if poll else None
    now = Told(ballot, steering.announcement, steering.lesson, steering.timer)
    return msgspec.json.encode(now)


def topic(of: Topic) -> bytes:
    """Return a topic as JSON: its picture, and a row for each person."""
    work = isinstance(of.subject, Work)
    rows = [_row(person, entry) for person, entry in sorted(of.entries.items())]
    picture = _curves(of) if work else _guesses(of)
    columns = ("person", "cores", "best speedup", "") if work else ("person", "guess", "")
    return msgspec.json.encode({"picture": str(picture), "columns": columns, "rows": rows})


def _curves(of: Topic) -> Markup:
    curves = [
        Curve(person, entry.item.cores, _points(entry.item), entry.note)
        for person, entry in sorted(of.seen.items())
        if isinstance(entry.item, SharedStudy)
    ]
    return class_curves(curves, of.name)


def _guesses(of: Topic) -> Markup:
    items = (entry.item for entry in of.seen.values())
    return class_guesses([item.speedup for item in items if isinstance(item, SharedGuess)], of.name)


def _points(study: SharedStudy) -> tuple[SharedPoint, ...]:
    """Return the points of a study; none is fair that its serial run is no baseline for."""
    return tuple(
        msgspec.structs.replace(point, disturbed=True)
        if not study.fair or is_beyond(point.speedup, point.possible)
        else point
        for point in study.points
    )


def _row(person: int, entry: Entry) -> dict[str, Any]:
    """Return what the table says of a person; nothing of what is hidden."""
    style = look.style_of_person(person)
    cells = () if entry.hidden else tuple(_cells(entry.item))
    return {
        "person": person,
        "look": " ".join(look.of_person(person)),
        "pen": style.pen,
        "path": style.path,
        "hidden": entry.hidden,
        "cells": cells,
        "note": entry.note,
    }


def _cells(item: SharedStudy | SharedGuess) -> Iterator[str]:
    if isinstance(item, SharedGuess):
        yield f"{item.speedup:.3g}"
        return
    yield str(item.cores)
    points = _points(item)
    best = max((p for p in points if not p.disturbed), key=lambda p: p.speedup, default=None)
    if best is None:
        yield "no fair measurement"
    else:
        doubt = "; some disturbed" if any(point.disturbed for point in points) else ""
        yield f"{best.speedup:.2f} ({plural(best.lanes, 'lane')}{doubt})"
