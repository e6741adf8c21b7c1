"""One finished run, and the conditions under which it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from swimlanes import metrics
from swimlanes.records.timeline import TaskRecord, Timeline, plain


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where a run happened; runs under different conditions are not compared.

    Attributes
    ----------
    usable_cores : int
        Cores that the run could use; in the mode ``cluster`` those of its workers.
    interpreter : str
        For example ``CPython 3.13.5`` or ``CPython 3.13.5 free-threaded``.
    machine : str
        Host name and processor architecture.
    """

    usable_cores: int
    interpreter: str
    machine: str


@dataclass(frozen=True)
class Run:
    """One finished run of ``tasks_count`` tasks on ``workers`` workers.

    Attributes
    ----------
    workload : str
        Name of the workload, or of the participant's own function.
    task_ms : float or None
        Nominal length of a task, ms of serial work; None where it was not chosen.
    start_method : str or None
        ``fork``, ``forkserver`` or ``spawn`` for modes that start processes, else None.
    inputs_digest, results_digest : str
        SHA-256 of inputs and results; equal work gives equal digests in every mode.
    cpu_time_s : float
        CPU time of the runner and all its workers, seconds.
    others_load : float or None
        Mean load by other processes on the usable cores, in cores; None where the run was
        too short to tell.
    timeline : Timeline
        Lanes and tasks.
    results : tuple
        What the tasks returned, in the order of their inputs; empty in a record read from a file.
    lengths : str
        Lengths of the tasks, see `swimlanes.workloads.weights`; empty for own functions.
    task_bytes : int or None
        Nominal size of a task, bytes; None where it was not chosen.
    schedule : str
        ``map``, ``imap`` or ``imap_unordered``.
    throttled_s : float or None
        How long a quota kept this container's processes from running, seconds, added up over
        cores; None where the system does not tell.
    printed : str
        What the tasks printed; the end of it if it was very long.
    """

    workload: str
    task_ms: float | None
    start_method: str | None
    inputs_digest: str
    results_digest: str
    cpu_time_s: float
    others_load: float | None
    conditions: Conditions
    timeline: Timeline
    results: tuple[Any, ...] = field(default=(), repr=False, compare=False)
    lengths: str = "equal"
    task_bytes: int | None = None
    schedule: str = "map"
    throttled_s: float | None = None
    printed: str = field(default="", repr=False, compare=False)

    @property
    def mode(self) -> str:
        """One of `swimlanes.modes.MODES`."""
        return self.timeline.mode

    @property
    def workers(self) -> int:
        """Number of workers asked for."""
        return self.timeline.workers

    @property
    def threads(self) -> int:
        """Threads of each worker; more than 1 only if nested."""
        return self.timeline.threads

    @property
    def tasks_count(self) -> int:
        """Number of tasks."""
        return self.timeline.tasks_count

    @property
    def chunksize(self) -> int:
        """Tasks that a worker takes at a time."""
        return self.timeline.chunksize

    @property
    def tasks(self) -> Sequence[TaskRecord]:
        """The tasks' records, by task number."""
        return self.timeline.tasks

    @property
    def usable_cores(self) -> int:
        """Cores that the run could use."""
        return self.conditions.usable_cores

    @property
    def startup_s(self) -> float:
        """Seconds to construct the pool."""
        return self.timeline.startup_s or 0.0

    @property
    def map_s(self) -> float:
        """Seconds from calling ``map`` to having all results."""
        return self.timeline.map_s or 0.0

    @property
    def wall_time_s(self) -> float:
        """Seconds from asking for the pool until it is gone: start-up, map and shut-down."""
        return self.timeline.wall_time_s or 0.0

    @property
    def completion_order(self) -> tuple[int, ...]:
        """Task numbers in the order in which the tasks ended."""
        ended = [(task.end_s, task.task) for task in self.tasks if task.end_s is not None]
        return tuple(number for _, number in sorted(ended))

    @property
    def arrival_order(self) -> tuple[int, ...]:
        """Task numbers in the order in which their results were in hand."""
        came = sorted((task.arrived_s or 0.0, task.task) for task in self.tasks)
        return tuple(number for _, number in came)

    @property
    def disturbed(self) -> bool:
        """Whether other processes used more of the cores than a fair measurement bears."""
        return self.others_load is not None and self.others_load > metrics.DISTURBED_LOAD

    @cached_property
    def account(self) -> metrics.Account:
        """Where the time of all lanes went."""
        return metrics.account(
            self.timeline.lane_totals(),
            map_start_s=self.startup_s,
            map_end_s=self.startup_s + self.map_s,
            wall_time_s=self.wall_time_s,
            throttled_s=self.throttled_s or 0.0,
            others_busy_s=self._others_busy_s,
        )

    @property
    def _others_busy_s(self) -> float:
        """CPU time that other programs may have taken of the usable cores, seconds."""
        if self.others_load is not None:
            return self.others_load * self.wall_time_s
        # Too short to tell. Lanes that have a core each can only have waited for others.
        fits = self.timeline.lanes_count <= self.usable_cores
        return self.wall_time_s * self.usable_cores if fits else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the run as plain values for JSON; results are left out, their digest is in."""
        return {
            "mode": self.mode,
            "workload": self.workload,
            "workers": self.workers,
            "threads": self.threads,
            "tasks_count": self.tasks_count,
            "task_ms": self.task_ms,
            "task_bytes": self.task_bytes,
            "lengths": self.lengths,
            "schedule": self.schedule,
            "chunksize": self.chunksize,
            "start_method": self.start_method,
            **asdict(self.conditions),
            "startup_s": self.startup_s,
            "map_s": self.map_s,
            "wall_time_s": self.wall_time_s,
            "cpu_time_s": self.cpu_time_s,
            "others_load": self.others_load,
            "throttled_s": self.throttled_s,
            "disturbed": self.disturbed,
            "account": _account_to_dict(self.account),
            "lanes": [plain(lane) for lane in self.timeline.lanes],
            "lost": [plain(attempt) for attempt in self.timeline.lost],
            "tasks": [plain(task) for task in self.tasks],
            "core_load": [plain(sample) for sample in self.timeline.core_load],
            "inputs_digest": self.inputs_digest,
            "results_digest": self.results_digest,
        }


def _account_to_dict(account: metrics.Account) -> dict[str, float | None]:
    ratios = ("parallel_efficiency", "load_balance", "communication_efficiency")
    totals = {"area": account.area_s, **account.parts, "remainder": account.remainder_s}
    in_seconds = {f"{part}_s": value for part, value in totals.items()}
    return in_seconds | {name: getattr(account, name) for name in ratios}
