"""Who is who on a wall, and for laptops: a code to join, a token a seat, the instructor's key."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tornado.web import RequestHandler

from swimlanes.brief import shown
from swimlanes.errors import RequestError, SwimlanesError

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No letter looks like another one, or like a digit."""
_LENGTH = 8
FEWEST_LETTERS = 6


class Who(NamedTuple):
    """Somebody who may look: a participant with a seat, the instructor, or neither of them.

    The secret proves it. It is told as a cookie can hold it, however it was typed. Accounts have a
    name; the wall keeps it only while the hand is up that its owner has raised.
    """

    secret: str
    seat: str | None = None
    instructor: bool = False
    name: str = ""


class Identity(Protocol):
    """Tells who is who by what a request brings along."""

    prefix: str
    """Below which path the wall is."""
    code: str
    """By which others join, for the page; nothing where everybody logs in elsewhere."""
    unknown: str
    """What a person hears who is not known."""

    @property
    def routes(self) -> Sequence[tuple[str, type[RequestHandler]]]:
        """Addresses of its own, at which a browser becomes known."""

    async def who(self, secret: str) -> Who | None:
        """Return who has this secret, or None if nobody has."""


class WrongCode(SwimlanesError):
    """Somebody typed a code that is not the wall's."""


class JoinCode:
    """For a room full of laptops: whoever knows the code may take a seat.

    A seat's token carries its own proof, so that no list of seats has to be kept.

    Parameters
    ----------
    code : str
        The code to join, or nothing: then one is made.
    """

    prefix = "/"
    unknown = (
        "The wall does not know you: it was started anew, or you have not joined yet. Join with "
        "its code."
    )
    routes = ()

    def __init__(self, code: str = "") -> None:
        made = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        self.code = code.strip() or f"{made[:4]}-{made[4:]}"
        if len(_plain(self.code)) < FEWEST_LETTERS or _plain(self.code, "-") != self.code.upper():
            raise RequestError(
                f"A join code has at least {FEWEST_LETTERS} letters from A to Z or digits, and "
                f"nothing else but hyphens; {shown(self.code)} is none. Leave it out, and one is "
                "made."
            )
        self.key = f"instructor-{secrets.token_urlsafe(12)}"
        self._proof = secrets.token_bytes(32)

    def join(self, code: str) -> str:
        """Return the token of a new seat."""
        if not _same(_plain(code), _plain(self.code)):
            raise WrongCode("That is not the join code of this wall. Type it as the wall shows it.")
        seat = secrets.token_urlsafe(9)
        return f"{seat}.{self._signed(seat)}"

    async def who(self, secret: str) -> Who | None:
        """Return who has this secret: a token, the instructor's key or the join code."""
        seat, _, proof = secret.partition(".")
        if _same(proof, self._signed(seat)):
            return Who(secret, seat)
        if _same(secret, self.key):
            return Who(secret, instructor=True)
        return Who(self.code) if _same(_plain(secret), _plain(self.code)) else None

    def _signed(self, seat: str) -> str:
        return hmac.digest(self._proof, seat.encode(errors="replace"), "sha256").hex()


def _plain(code: str, more: str = "") -> str:
    return "".join(x for x in code.upper() if x.isascii() and (x.isalnum() or x in more))


def _same(one: str, other: str) -> bool:
    """Compare texts in a time that does not tell how much of them is the same."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))
