"""One worker: plain code's own loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from swimlanes.modes.mode import Function, Initializer, Mode, Pool, Staff, Wanted, Way


class Serial(Mode):
    """The builtin ``map``."""

    name = "serial"
    worker = "worker"
    counted = "workers"
    colour, dash, marker = "green", "1 2", "diamond"
    parallel = False
    compared = False
    in_one_process = True

    def make_pool(self, staff: Staff) -> Pool:
        """Return the builtin ``map`` as a pool, whatever number of workers is wanted."""
        return SerialPool(staff.initializer, staff.initargs)

    def plain(self, wanted: Wanted) -> Way:
        """Return a call of ``map``."""
        results = f"list(map({wanted.function}, inputs))"
        return Way([], "", results, first=wanted.first_call)


class SerialPool(Pool):
    """The builtin ``map``, with the methods of a pool: one worker, this very thread."""

    def __init__(self, initializer: Initializer, initargs: tuple[Any, ...]) -> None:
        initializer(*initargs)

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results; `chunksize` makes no difference here."""
        return list(map(function, inputs))

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results; `chunksize` makes no difference here."""
        return map(function, inputs)

    imap_unordered = imap


MODE = Serial()
