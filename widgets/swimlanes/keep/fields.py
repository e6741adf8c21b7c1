"""The fields of a record as they come from a file: read with care, for anyone may have edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from swimlanes.brief import shown

LONGEST_S = 1e9
"""No time in a record is longer than this, seconds: thirty years."""


class Damaged(Exception):
    """A record does not hold what it should; ``str(error)`` says where."""


class Fields:
    """The fields of one JSON object.

    Parameters
    ----------
    values : object
        What was read, hopefully a dict.
    what : str
        What it should be, for the sentence.
    """

    def __init__(self, values: object, what: str) -> None:
        if not isinstance(values, dict):
            raise Damaged(f"{what} should be an object, not {shown(values)}")
        self._values = values
        self._what = what

    def text(self, name: str) -> str:
        """Return a field that is text."""
        return str(self._checked(name, "text", lambda value: isinstance(value, str)))

    def text_or_none(self, name: str) -> str | None:
        """Return a field that is text or null."""
        return None if self._value(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts, or missing, as in older records."""
        if name not in self._values:
            return ()
        return tuple(self.column(name, "text", lambda value: isinstance(value, str)))

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return a field that is one of the choices."""
        allowed = f"one of {', '.join(choices)}"
        return str(self._checked(name, allowed, lambda value: value in choices))

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a field that is a whole number in range."""
        allowed = f"a whole number from {least} to {most}"
        return int(self._checked(name, allowed, lambda value: is_whole(value, least, most)))

    def number(self, name: str) -> float:
        """Return a field that is a number, at least 0 and no longer than any time."""
        return float(self._checked(name, "a number from 0", is_number))

    def number_or_none(self, name: str) -> float | None:
        """Return a field that is such a number or null."""
        return None if self._value(name) is None else self.number(name)

    def is_null(self, name: str) -> bool:
        """Return whether a field is null."""
        return self._value(name) is None

    def items(self, name: str) -> list[Any]:
        """Return a field that is a list."""
        return list(self._checked(name, "a list", lambda value: isinstance(value, list)))

    def objects(self, name: str) -> list[Fields]:
        """Return a field that is a list of objects."""
        return [Fields(value, f"an item of {name!r}") for value in self.items(name)]

    def part(self, name: str) -> Fields:
        """Return a field that is an object."""
        return Fields(self._value(name), f"the field {name!r}")

    def column(self, name: str, allowed: str, fits: Callable[[object], bool]) -> list[Any]:
        """Return a field that is a list whose items all fit."""
        values = self.items(name)
        for value in values:
            if not fits(value):
                self._refuse(name, f"hold {allowed} only", value)
        return values

    def _value(self, name: str) -> object:
        if name not in self._values:
            raise Damaged(f"{self._what} lacks the field {name!r}")
        return self._values[name]

    def _checked(self, name: str, allowed: str, fits: Callable[[object], bool]) -> Any:  # noqa: ANN401
        value = self._value(name)
        if not fits(value):
            self._refuse(name, f"be {allowed}", value)
        return value

    def _refuse(self, name: str, duty: str, value: object) -> NoReturn:
        raise Damaged(f"the field {name!r} of {self._what} should {duty}, not {shown(value)}")


def is_whole(value: object, least: int, most: int) -> bool:
    """Return whether a value is a whole number in range."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_number(value: object) -> bool:
    """Return whether a value is a number, at least 0 and no longer than any time."""
    return type(value) in (int, float) and 0 <= value <= LONGEST_S  # type: ignore[operator]


def is_number_or_none(value: object) -> bool:
    """Return whether a value is such a number or null."""
    return value is None or is_number(value)
