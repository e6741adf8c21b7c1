"""What the pool is given to do: tasks that are recorded, or the bare tasks for their time alone."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from multiprocessing.pool import MaybeEncodingError  # type: ignore[attr-defined]
from time import monotonic_ns
from typing import Any, Protocol

from swimlanes import marks, modes, sheet, travel, worker
from swimlanes.modes.pools import Initializer, UnreadableResult
from swimlanes.runner.protocol import Order


class Tasks(Protocol):
    """What the pool is given to do.

    Attributes
    ----------
    preparation : tuple
        What each worker calls first, and with what.
    inputs : list
        The tasks' inputs, ready to be sent.
    """

    inputs: list[Any]
    preparation: tuple[Initializer, tuple[Any, ...]]

    def collect(self, pool: modes.Pool) -> list[Any]:
        """Have the pool run the tasks; return the results in the order of the inputs."""


class RecordedTasks:
    """Tasks that note on the sheet when and where they ran.

    Parameters
    ----------
    order : Order
        What is asked for.
    words : memoryview
        The sheet, see `swimlanes.sheet.map_words`.
    """

    def __init__(self, order: Order, words: memoryview) -> None:
        self._order = order
        self._words = words
        mark = marks.mark_input if order.marked else _unmarked
        self.inputs = _inputs(order)
        self._items = [(n, mark(n, value)) for n, value in enumerate(self.inputs)]
        self.preparation = (
            worker.prepare_worker,
            (
                order.sheet,
                order.tasks_count,
                order.function,
                order.packs,
                order.marked,
                order.heritage.tracker,
            ),
        )

    def collect(self, pool: modes.Pool) -> list[Any]:
        """Have the pool run the tasks; return the results in the order of the inputs."""
        try:
            results = self._collect(pool)
        except MaybeEncodingError as error:
            raise worker.Unsendable(None, str(error.value), str(error.exc)) from error
        except UnreadableResult as error:
            reason = worker.in_one_line(error.__cause__ or error)
            raise worker.Unloadable("A result", reason) from error
        return [result.value for result in results] if self._order.marked else results

    def _collect(self, pool: modes.Pool) -> list[Any]:
        items, chunksize = self._items, self._order.chunksize
        if self._order.schedule == "map":
            return pool.map(worker.run_task, items, chunksize)
        if self._order.schedule == "imap":
            return self._take(enumerate(pool.imap(worker.run_task, items, chunksize)))
        return self._take(pool.imap_unordered(worker.run_numbered_task, items, chunksize))

    def _take(self, numbered: Iterable[tuple[int, Any]]) -> list[Any]:
        """Take results one by one and note when each was in hand; return them by task number."""
        results: list[Any] = [None] * sheet.tasks_on(self._words)
        for task, result in numbered:
            self._words[sheet.slot_at(task) + sheet.ARRIVED] = monotonic_ns()
            results[task] = result
        return results


class BareTasks:
    """The same calls as plain code makes them, with nothing around them.

    Parameters
    ----------
    order : Order
        What is asked for.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self.inputs = _inputs(order)
        self.preparation = (
            worker.prepare_bare,
            (order.function, order.packs, order.heritage.tracker),
        )

    def collect(self, pool: modes.Pool) -> list[Any]:
        """Have the pool run the tasks; the results are of no interest."""
        function = worker.bare_function(travels=not self._order.in_one_process)
        inputs, chunksize = self.inputs, self._order.chunksize
        if self._order.schedule == "map":
            pool.map(function, inputs, chunksize)
        elif self._order.schedule == "imap":
            list(pool.imap(function, inputs, chunksize))
        else:
            list(pool.imap_unordered(function, inputs, chunksize))
        return []


def _inputs(order: Order) -> list[Any]:
    """Return the inputs, ready to be sent to the workers."""
    try:
        inputs = pickle.loads(order.inputs)
    except (Exception, SystemExit) as error:
        raise worker.Unloadable("An input", worker.in_one_line(error)) from error
    if order.in_one_process or not order.own_classes:
        return list(inputs)
    return [travel.pack(value, always=True) for value in inputs]


def _unmarked(_: int, value: object) -> object:
    return value
