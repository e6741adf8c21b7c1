"""How busy the participants' containers are: two looks at the engine's counters."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from docker.errors import NotFound
from requests.exceptions import JSONDecodeError

from classroom.engine import Engine, Seat
from instructor.errors import engine_told

BETWEEN_S = 0.5
# Engine 20.10 answers at its next tick, once a second, however many ask.
AT_ONCE = 32


@dataclass(frozen=True)
class Usage:
    """What a container uses: cores busy on average, memory without the file cache."""

    busy_cores: float
    memory_bytes: int
    memory_limit_bytes: int


@dataclass(frozen=True)
class _Look:
    at_s: float
    cpu_ns: int
    memory_bytes: int
    memory_limit_bytes: int


def seats_and_usage(engine: Engine) -> tuple[dict[str, Seat], dict[str, Usage]]:
    """Return the participants' containers and what they use, both by name.

    Takes less than three seconds for a class of `AT_ONCE`.

    Raises
    ------
    PageError
        If the engine does not answer.
    """
    with engine_told("A container went away."):
        seats = {seat.name: seat for seat in engine.seats()}
        running = [seat for seat in seats.values() if seat.running]
        first = _look_at(engine, running)
        time.sleep(BETWEEN_S)
        second = _look_at(engine, running)
    return seats, {
        name: usage_between(first[name], second[name]) for name in first.keys() & second.keys()
    }


def usage_between(first: _Look, second: _Look) -> Usage:
    """Return the usage between two looks at the same container."""
    passed_ns = (second.at_s - first.at_s) * 1e9
    # A container that was started anew in between counts from zero.
    spent_ns = max(second.cpu_ns - first.cpu_ns, 0)
    return Usage(spent_ns / passed_ns, second.memory_bytes, second.memory_limit_bytes)


def _look_at(engine: Engine, seats: Iterable[Seat]) -> dict[str, _Look]:
    def look(seat: Seat) -> tuple[str, _Look | None]:
        try:
            stats = engine.client.api.stats(seat.container, stream=False, one_shot=True)
        except (NotFound, JSONDecodeError):  # the engine breaks off while it removes a container
            return seat.name, None
        return seat.name, read_stats(stats, time.monotonic())

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return {name: seen for name, seen in threads.map(look, seats) if seen}


def read_stats(stats: dict[str, Any], at_s: float) -> _Look | None:
    """Return what the engine's answer says; None if the container has just stopped."""
    memory = stats["memory_stats"]
    if "usage" not in memory:
        return None
    cached = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file", 0))
    return _Look(
        at_s=at_s,
        cpu_ns=stats["cpu_stats"]["cpu_usage"]["total_usage"],
        memory_bytes=memory["usage"] - cached,
        memory_limit_bytes=memory["limit"],
    )
