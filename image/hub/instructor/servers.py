"""Start or stop the servers of many at once, and tell how it went."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping

from classroom.allocator import ALL_IN_USE
from classroom.errors import ClassroomError
from classroom.words import counted
from instructor.notices import Notices, listed

AT_ONCE = 8
MORE_CORES = (
    " Stop a server that nobody uses, or let them share: set SHARE_CORES=yes in image/hub/.env "
    "and run make hub."
)


async def for_everybody(
    act: Callable[[str], Awaitable[None]], names: Mapping[str, str], done: str, notices: Notices
) -> None:
    """Do `act` for all `names`, a few at once.

    Parameters
    ----------
    act : callable
        What to do for one account. It raises ClassroomError if that fails.
    names : mapping of str to str
        The accounts, and what to call them.
    done : str
        What has been done, as in "started".
    notices : Notices
        Where the outcome is told. Accounts that failed for the same reason are named together.
    """
    free = asyncio.Semaphore(AT_ONCE)

    async def attempt(name: str) -> str | None:
        async with free:
            try:
                await act(name)
            except ClassroomError as error:
                return str(error)
        return None

    reasons = await asyncio.gather(*map(attempt, names))
    told = zip(names.values(), reasons, strict=True)
    failed = [(name, reason) for name, reason in told if reason]
    for unlucky in _alike(failed):
        named = listed(name for name, _ in unlucky)
        reason = unlucky[0][1]
        remedy = MORE_CORES if reason.startswith(ALL_IN_USE) else ""
        notices.say(f"Not {done} for {named}: {reason}{remedy}", trouble=True)
    if fine := reasons.count(None):
        notices.say(f"{counted(fine, 'server was', 'servers were')} {done}.")


def _alike(failed: list[tuple[str, str]]) -> Iterable[list[tuple[str, str]]]:
    """Group accounts that failed for the same reason, whatever the numbers in it are."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, reason in failed:
        groups[re.sub(r"\d+", "", reason)].append((name, reason))
    return groups.values()
