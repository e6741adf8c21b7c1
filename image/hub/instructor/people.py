"""One row of the page for each account: what hub and engine know, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from classroom.cpus import format_cpus
from classroom.engine import Seat
from classroom.roster import Account
from instructor.hub import Member
from instructor.usage import Usage

MIB = 2**20
STATES = {"spawn": "starting", "stop": "stopping"}
UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


@dataclass(frozen=True)
class Person:
    """Somebody with an account as the page shows them."""

    name: str
    full_name: str
    admin: bool
    state: str
    cores: frozenset[int]
    sharers: int
    usage: Usage | None
    last_activity: datetime | None

    @property
    def is_in(self) -> bool:
        """Whether the server runs."""
        return self.state == "running"

    @property
    def title(self) -> str:
        """The name on the list, and the account; instructors alone see this page."""
        return f"{self.full_name} ({'you' if self.admin else self.name})"

    @property
    def cores_told(self) -> str:
        """The cores as ranges, with how many share them once everybody has come."""
        told = format_cpus(self.cores)
        return f"{told} (shared by up to {self.sharers})" if told and self.sharers > 1 else told


def people(
    members: Iterable[Member],
    accounts: Mapping[str, Account],
    seats: Mapping[str, Seat],
    usage: Mapping[str, Usage],
) -> list[Person]:
    """Return the participants, and last the instructor: that server holds cores like any other."""
    everybody = [
        _person(m, accounts.get(m.name), seats.get(m.name), usage.get(m.name)) for m in members
    ]
    return sorted(everybody, key=lambda person: person.admin)


def _person(
    member: Member, account: Account | None, seat: Seat | None, usage: Usage | None
) -> Person:
    state = STATES.get(member.pending or "", "running" if member.ready else "stopped")
    holds = state != "stopped" and seat is not None
    return Person(
        name=member.name,
        full_name=account.full_name if account else member.name,
        admin=account is not None and account.admin,
        state=state,
        cores=seat.cores if holds else frozenset(),
        sharers=member.sharers,
        usage=usage if holds else None,
        last_activity=member.last_activity,
    )


def ago(then: datetime | None, now: datetime) -> str:
    """Return how long ago `then` was, in words.

    Examples
    --------
    >>> ago(datetime(2026, 1, 1, 10, 0), datetime(2026, 1, 1, 12, 10))
    '2 hours ago'
    """
    if then is None:
        return "never"
    passed_s = (now - then).total_seconds()
    for unit, seconds in UNITS:
        if passed_s >= seconds:
            count = int(passed_s // seconds)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
