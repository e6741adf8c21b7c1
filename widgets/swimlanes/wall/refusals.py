"""What the wall refuses besides values that make no sense."""

from __future__ import annotations

from swimlanes.errors import RequestError, SwimlanesError


class TooMuch(SwimlanesError):
    """Somebody sends more than a person can, or the room is full."""


class NothingThere(RequestError):
    """There is no such topic, or nobody of this number has shared anything about it."""
