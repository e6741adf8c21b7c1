"""What the pool is given to do: tasks that are recorded, or the bare tasks for their time alone."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from multiprocessing.pool import MaybeEncodingError  # type: ignore[attr-defined]
from time import monotonic_ns, perf_counter
from typing import Any

from swimlanes import modes, sheet, travel, worker
from swimlanes.modes.mode import UnreadableResult
from swimlanes.runner.protocol import Order

_TRIES, _CALLS = 5, 50


class Tasks:
    """What the pool is given to do.

    Attributes
    ----------
    inputs : list
        The tasks' inputs, ready to be sent.
    preparation : tuple
        What each worker calls first, and with what.
    """

    def __init__(self, order: Order, prepare: Callable[..., None], *initargs: object) -> None:
        self._order = order
        self.inputs = _inputs(order)
        self.preparation = prepare, initargs

    def _hand_out(
        self, pool: modes.Pool, function: Callable[..., Any], inputs: list[Any]
    ) -> Iterable[Any]:
        """Return what the pool's method gives that is named like the schedule."""
        hand_out: Callable[..., Iterable[Any]] = getattr(pool, self._order.schedule)
        return hand_out(function, inputs, self._order.chunksize)


class BareTasks(Tasks):
    """The same calls as plain code makes them, with nothing around them."""

    def __init__(self, order: Order) -> None:
        tracker = order.heritage.tracker
        super().__init__(order, worker.prepare_bare, order.function, order.packs, tracker)

    def collect(self, pool: modes.Pool) -> list[Any]:
        """Have the pool run the tasks; the results are of no interest."""
        function = worker.bare_function(travels=not self._order.kind.in_one_process)
        results = self._hand_out(pool, function, self.inputs)
        if self._order.schedule != "map":
            list(results)
        return []


class RecordedTasks(Tasks):
    """Tasks that note on the sheet, whose words these are, when and where they ran."""

    def __init__(self, order: Order, words: memoryview) -> None:
        super().__init__(
            order,
            worker.prepare_worker,
            order.sheet,
            order.tasks_count,
            order.function,
            order.packs,
            order.marked,
            order.heritage.tracker,
        )
        self._words = words
        mark = travel.mark_input if order.marked else _unmarked
        self._items = [(n, mark(n, value)) for n, value in enumerate(self.inputs)]

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
        if self._order.schedule == "imap_unordered":
            return self._take(self._hand_out(pool, worker.run_numbered_task, self._items))
        results = self._hand_out(pool, worker.run_task, self._items)
        return results if isinstance(results, list) else self._take(enumerate(results))

    def _take(self, numbered: Iterable[tuple[int, Any]]) -> list[Any]:
        """Take results one by one and note when each was in hand; return them by task number."""
        results: list[Any] = [None] * sheet.tasks_on(self._words)
        for task, result in numbered:
            self._words[sheet.slot_at(task) + sheet.ARRIVED] = monotonic_ns()
            results[task] = result
        return results


def _inputs(order: Order) -> list[Any]:
    """Return the inputs, ready to be sent to the workers."""
    try:
        inputs = pickle.loads(order.inputs)
    except (Exception, SystemExit) as error:
        raise worker.Unloadable("An input", worker.in_one_line(error)) from error
    if order.kind.in_one_process or not order.own_classes:
        return list(inputs)
    return [travel.pack(value, always=True) for value in inputs]


def _unmarked(_: int, value: object) -> object:
    return value


def record_cost_s(marked: bool) -> float:
    """Return how long a task that does nothing takes when it is recorded, seconds.

    Inputs and results travel with marks if they are `marked`. The least of a few tries counts:
    whatever else happens on the machine only adds to it.
    """
    words = sheet.words_apart()
    travel.write_marks_to(words)
    worker.become_worker(_nothing, False, sheet.SlotWriter(words, worker=1))
    cost_s = _least_s(lambda: worker.run_task((0, None)))
    if marked:
        marks_s = _least_s(lambda: _travel(travel.mark_input(0, None)))
        cost_s += 2 * max(0.0, marks_s - _least_s(lambda: _travel((None, None, None))))
    return cost_s


def _least_s(call: Callable[[], object]) -> float:
    """Return how long a call takes, seconds: the least of a few tries."""
    tries = []
    for _ in range(_TRIES):
        start = perf_counter()
        for _ in range(_CALLS):
            call()
        tries.append((perf_counter() - start) / _CALLS)
    return min(tries)


def _travel(value: object) -> object:
    return pickle.loads(pickle.dumps(value))


def _nothing(_: object) -> None:
    pass
