"""Values from a file, checked against a type: what does not fit is told with place and value."""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec

from swimlanes.brief import shown


class Unfit(Exception):
    """Values do not hold what they should; ``str(error)`` says where."""


def fitted(values: object, type_: Any) -> Any:  # noqa: ANN401 - whatever is asked for
    """Return values as a type, which `msgspec.convert` knows.

    Raises
    ------
    Unfit
        With the place, what it holds and what it should hold.

    Examples
    --------
    >>> fitted([1, "2"], list[int])
    Traceback (most recent call last):
    swimlanes.fitting.Unfit: [1] is '2': expected `int`, got `str`
    """
    try:
        return msgspec.convert(values, type_)
    except msgspec.ValidationError as error:
        raise Unfit(_told(str(error), values)) from error


def one_of(names: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type
    """Return the type of a text that is one of these names, which are of letters, digits and -."""
    return Annotated[str, msgspec.Meta(pattern=rf"^({'|'.join(names)})\Z")]


def _told(error: str, values: Any) -> str:  # noqa: ANN401 - whatever was in the file
    """Name the place and the value of an error that ends like ``- at `$.lanes[0].pid```."""
    reason, _, path = error.partition(" - at `$")
    place = path.strip("`.")
    lacking = reason.removeprefix("Object missing required field ")
    if lacking != reason:
        return f"{place or 'it'} lacks the field {lacking}"
    if not reason.startswith("Expected"):
        return f"{place}: {reason}" if place else reason
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        values = values[int(index) if index else name]
    if choices := re.search(r"regex '\^\(([\w|-]+)\)", reason):
        reason = f"expected one of {choices[1].replace('|', ', ')}"
    return f"{place or 'it'} is {shown(values)}: {reason[0].lower()}{reason[1:]}"
