"""Whether the first call in each worker took longer than later ones, as when it loads something."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median, quantiles
from typing import NamedTuple

from swimlanes.records.run import Run
from swimlanes.records.tasks import TaskRecord

MOST_TASKS = 10_000
"""With more tasks than these, a first call weighs too little to look for it."""
FEWEST_LATER = 3
"""Later calls that there must be to know what a call takes."""
NOISE = 4.0
"""How many times the middle half's width of later calls a first call must exceed them."""
SMALLEST = 0.25
"""By what share of a typical task a first call must exceed the others."""


class FirstCalls(NamedTuple):
    """What first calls took more than the same calls take later.

    Attributes
    ----------
    lanes : int
        In how many lanes; the one that ran the serial run's first task is not counted.
    cpu_s, blocked_s : float
        CPU time, and time of standing still, that they took more in sum, seconds.
    """

    lanes: int
    cpu_s: float
    blocked_s: float

    @property
    def each_s(self) -> float:
        """What one of them took more, seconds."""
        return (self.cpu_s + self.blocked_s) / self.lanes


def first_calls(serial_run: Run, run: Run) -> FirstCalls | None:
    """Return what the first calls of a run's lanes took more, or None if nothing is to be seen.

    A serial run of the same work tells how long each task is. It has one first call, with its
    first task; what that one took for loading is not known, so the lane that did the same task
    says nothing. All others had to do what in the serial run was a later call.
    """
    if run.tasks_count > MOST_TASKS or run.tasks_count != serial_run.tasks_count:
        return None
    serial = {task.task: task for task in serial_run.tasks}
    firsts = _first_tasks(run)
    serial_first = min(serial_run.tasks, key=lambda task: task.start_s).task
    skipped = {serial_first, *(task.task for task in firsts)}
    later = [task for task in run.tasks if task.task not in skipped and busy_s(serial[task.task])]
    firsts = [task for task in firsts if task.task != serial_first and busy_s(serial[task.task])]
    if len(later) < FEWEST_LATER or not firsts:
        return None
    pace = median(busy_s(task) / busy_s(serial[task.task]) for task in later)
    excess_s = _excess_s(firsts, serial, pace)
    if min(excess_s) <= _noise_s(later, serial, pace):
        return None
    cpu_s = sum(max(0.0, task.cpu_s - pace * serial[task.task].cpu_s) for task in firsts)
    return FirstCalls(len(firsts), min(cpu_s, sum(excess_s)), max(0.0, sum(excess_s) - cpu_s))


def _first_tasks(run: Run) -> list[TaskRecord]:
    """Return the first task of each lane."""
    firsts: dict[int, TaskRecord] = {}
    for task in sorted(run.tasks, key=lambda task: task.start_s):
        firsts.setdefault(task.worker, task)
    return list(firsts.values())


def busy_s(task: TaskRecord) -> float:
    """Return the length of a task without its waiting for a core, seconds."""
    return (task.end_s or task.start_s) - task.start_s - task.waiting_s


def _excess_s(
    tasks: list[TaskRecord], serial: Mapping[int, TaskRecord], pace: float
) -> list[float]:
    """Return what tasks took more than the serial run and their pace let expect, seconds."""
    return [busy_s(task) - pace * busy_s(serial[task.task]) for task in tasks]


def _noise_s(later: list[TaskRecord], serial: Mapping[int, TaskRecord], pace: float) -> float:
    """Return what a first call must exceed to be more than chance, seconds."""
    low, _, high = quantiles(_excess_s(later, serial, pace), n=4, method="inclusive")
    typical_s = median(busy_s(task) for task in later)
    return max(NOISE * (high - low), SMALLEST * typical_s)
