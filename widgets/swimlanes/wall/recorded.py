"""A class as a CSV file: for a spreadsheet, for the next lesson, and to be shown again.

Each line is a point of a curve, or a guess; lines with the same number in `record` belong together.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from swimlanes.brief import cut, quoted
from swimlanes.errors import SwimlanesError
from swimlanes.keep import files
from swimlanes.keep.table import as_csv
from swimlanes.wall.room import LONGEST_NOTE, MOST_OF_A_SEAT, MOST_SEATS, Entry
from swimlanes.wall.shared import Shared, SharedGuess, SharedPoint, SharedStudy

_ABOUT = ("record", "person", "at_s", "hidden", "note")
_POINT = SharedPoint.__struct_fields__
_STUDY = tuple(name for name in SharedStudy.__struct_fields__ if name != "points")
_COLUMNS = (*_ABOUT, "kind", *_STUDY, *_POINT)
_MOST_RECORDS = MOST_SEATS * MOST_OF_A_SEAT


class _About(msgspec.Struct):
    record: int
    person: Annotated[int, Meta(ge=1, le=MOST_SEATS)]
    at_s: float
    hidden: bool
    note: str


def write(entries: Iterable[tuple[int, Entry]]) -> bytes:
    """Return a class as CSV: its entries with their persons' numbers."""
    return as_csv(_COLUMNS, _lines(entries))


def read(file: str) -> list[tuple[int, Entry]]:
    """Return what a class shared, from a file that the wall wrote.

    Raises
    ------
    SwimlanesError
        If the file cannot be read, or holds anything else.
    """
    try:
        lines = csv.DictReader(io.StringIO(files.read(Path(file)), newline=""), restval="")
        records = groupby(lines, key=lambda line: line.get("record"))
        entries = [_entry(list(points)) for _, points in records]
    except (OSError, UnicodeDecodeError) as error:
        raise SwimlanesError(
            f"The class {quoted(file)} cannot be read ({files.reason(error)}). Check its name."
        ) from error
    except (msgspec.ValidationError, csv.Error, KeyError) as error:
        raise SwimlanesError(
            f"The file {quoted(file)} is no class that a wall wrote ({cut(str(error))}). Give the "
            "CSV file that the instructor's page saves."
        ) from error
    if not 0 < len(entries) <= _MOST_RECORDS:
        raise SwimlanesError(
            f"The class {quoted(file)} holds {len(entries)} records, not 1 to {_MOST_RECORDS}."
        )
    return entries


def _lines(entries: Iterable[tuple[int, Entry]]) -> Iterator[list[object]]:
    for record, (person, entry) in enumerate(entries, start=1):
        values = msgspec.to_builtins(entry.item)
        about = (record, person, round(entry.at_s, 1), entry.hidden, entry.note)
        for point in values.get("points", [{}]):
            line = dict(zip(_ABOUT, about, strict=True)) | values | point
            yield [line.get(name) for name in _COLUMNS]


def _entry(lines: list[dict[str, Any]]) -> tuple[int, Entry]:
    """Return the person's number and the entry that lines of the same record tell of."""
    first = {name: value or None for name, value in lines[0].items() if name is not None}
    about = _typed(first | {"note": (first["note"] or "").removeprefix("'")}, _About)
    if first["kind"] == "study":
        points = [{name: line[name] for name in _POINT} for line in lines]
        names, more = _STUDY, {"points": points}
    else:
        names, more = SharedGuess.__struct_fields__, {}
    values = {name: first[name] for name in ("kind", *names)} | more
    entry = Entry(_typed(values, Shared), about.at_s, about.hidden, about.note[:LONGEST_NOTE])
    return about.person, entry


def _typed(values: dict[str, Any], kind: Any) -> Any:  # noqa: ANN401 - one of our types
    return msgspec.convert(values, kind, strict=False)
