"""What was measured, frozen: tasks, lanes, timelines, runs and scaling studies.

Times are seconds from the moment the pool was asked for (``0.0``), unless a name says
otherwise. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from statistics import median
from typing import Any

from swimlanes import metrics


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task on one worker.

    Attributes
    ----------
    task : int
        Position of the task's input, from 0.
    worker : int
        Number of the lane it ran on, from 1.
    start_s : float
        Start, seconds from the beginning of the run.
    end_s : float or None
        End, seconds; None while the task is running.
    cpu_s : float
        CPU time that the task's thread used, seconds.
    waiting_s : float
        Time the thread was ready to run but had no core (run-queue delay), seconds.
    """

    task: int
    worker: int
    start_s: float
    end_s: float | None
    cpu_s: float
    waiting_s: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One worker: its number (from 1), process and thread id, and when it was ready (s)."""

    worker: int
    pid: int
    thread_id: int
    ready_s: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A run as it can be seen from outside, finished or still going on.

    Attributes
    ----------
    mode : str
        ``serial``, ``threads`` or ``processes``.
    workers, tasks_count, chunksize : int
        What was asked for; ``chunksize`` is the one that ``map`` uses.
    elapsed_s : float
        How far the picture reaches, seconds: the run's end, or now.
    startup_s, map_s, wall_time_s : float or None
        Pool construction; the ``map`` call; everything until the pool is gone.
        None as long as that part has not ended.
    lanes : tuple of Lane
        Workers that reported ready, in that order.
    tasks : tuple of TaskRecord
        Tasks that have started, by task number.
    """

    mode: str
    workers: int
    tasks_count: int
    chunksize: int
    elapsed_s: float
    startup_s: float | None = None
    map_s: float | None = None
    wall_time_s: float | None = None
    lanes: tuple[Lane, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where a run happened; runs under different conditions are not compared.

    Attributes
    ----------
    usable_cores : int
        Cores that the run could use.
    interpreter : str
        For example ``CPython 3.13.5``.
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
        Nominal length of a task, ms of serial work; None for own functions.
    start_method : str or None
        ``fork``, ``forkserver`` or ``spawn`` for processes, else None.
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
        What the tasks returned, in the order of their inputs.
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

    @property
    def mode(self) -> str:
        """``serial``, ``threads`` or ``processes``."""
        return self.timeline.mode

    @property
    def workers(self) -> int:
        """Number of workers asked for."""
        return self.timeline.workers

    @property
    def tasks_count(self) -> int:
        """Number of tasks."""
        return self.timeline.tasks_count

    @property
    def chunksize(self) -> int:
        """Tasks that a worker takes at a time."""
        return self.timeline.chunksize

    @property
    def tasks(self) -> tuple[TaskRecord, ...]:
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
    def disturbed(self) -> bool:
        """Whether other processes used more of the cores than a fair measurement bears."""
        return self.others_load is not None and self.others_load > metrics.DISTURBED_LOAD

    def to_dict(self) -> dict[str, Any]:
        """Return the run as plain values for JSON; results are left out, their digest is in."""
        return {
            "mode": self.mode,
            "workload": self.workload,
            "workers": self.workers,
            "tasks_count": self.tasks_count,
            "task_ms": self.task_ms,
            "chunksize": self.chunksize,
            "start_method": self.start_method,
            **asdict(self.conditions),
            "startup_s": self.startup_s,
            "map_s": self.map_s,
            "wall_time_s": self.wall_time_s,
            "cpu_time_s": self.cpu_time_s,
            "others_load": self.others_load,
            "disturbed": self.disturbed,
            "lanes": [asdict(lane) for lane in self.timeline.lanes],
            "tasks": [asdict(task) for task in self.tasks],
            "inputs_digest": self.inputs_digest,
            "results_digest": self.results_digest,
        }


class MixedRunsError(ValueError):
    """Runs that do not belong together were put into one study."""


@dataclass(frozen=True)
class ScalingPoint:
    """All repetitions with one number of workers, against the serial baseline.

    Attributes
    ----------
    workers : int
        Number of workers n.
    runs : tuple of Run
        The repetitions.
    serial_s : float
        Median wall time of the serial runs, seconds.
    """

    workers: int
    runs: tuple[Run, ...]
    serial_s: float

    @cached_property
    def wall_times_s(self) -> tuple[float, ...]:
        """Wall times, shape (n_repeats,), seconds."""
        return tuple(run.wall_time_s for run in self.runs)

    @property
    def speedup(self) -> float:
        """Median serial wall time over median wall time."""
        return metrics.speedup(self.serial_s, median(self.wall_times_s))

    @property
    def speedup_spread(self) -> tuple[float, float]:
        """Lowest and highest speedup of a single repetition."""
        return (
            metrics.speedup(self.serial_s, max(self.wall_times_s)),
            metrics.speedup(self.serial_s, min(self.wall_times_s)),
        )

    @property
    def efficiency(self) -> float:
        """Speedup per worker."""
        return metrics.efficiency(self.speedup, self.workers)

    @property
    def ceiling(self) -> float:
        """Largest speedup that equal tasks in chunks of this size allow on n free cores."""
        run = self.runs[0]
        return metrics.ceiling(run.tasks_count, self.workers, run.chunksize)

    @property
    def disturbed(self) -> bool:
        """Whether any repetition was disturbed by other processes."""
        return any(run.disturbed for run in self.runs)


@dataclass(frozen=True)
class ScalingStudy:
    """Wall times over the number of workers, one mode, one workload.

    Build it from runs: mixing workloads, inputs, modes or machines is refused. A study whose
    sweep is still going on is a study too; it has fewer points.

    Attributes
    ----------
    serial_runs : tuple of Run
        Repetitions of the serial baseline, at least one.
    runs : tuple of Run
        Repetitions of the mode under study, any number of workers, in the order they were made.
    """

    serial_runs: tuple[Run, ...]
    runs: tuple[Run, ...] = ()

    def __post_init__(self) -> None:
        """Refuse runs that do not belong together, naming both values."""
        if not self.serial_runs:
            raise ValueError("A study needs at least one serial run as its baseline.")
        first = self.serial_runs[0]
        for run in (*self.serial_runs, *self.runs):
            for name in ("workload", "inputs_digest", "conditions", "results_digest"):
                _require_equal(name, getattr(first, name), getattr(run, name))
        for run in self.runs:
            _require_equal("mode", self.runs[0].mode, run.mode)

    @property
    def mode(self) -> str:
        """Mode under study."""
        return self.runs[0].mode if self.runs else "serial"

    @property
    def workload(self) -> str:
        """Name of the workload."""
        return self.serial_runs[0].workload

    @property
    def tasks_count(self) -> int:
        """Number of tasks in every run."""
        return self.serial_runs[0].tasks_count

    @property
    def usable_cores(self) -> int:
        """Cores that the runs could use."""
        return self.serial_runs[0].usable_cores

    @cached_property
    def serial_s(self) -> float:
        """Median wall time of the serial baseline, seconds."""
        return median(run.wall_time_s for run in self.serial_runs)

    @cached_property
    def points(self) -> tuple[ScalingPoint, ...]:
        """One point per number of workers, ascending."""
        by_workers: dict[int, list[Run]] = {}
        for run in self.runs:
            by_workers.setdefault(run.workers, []).append(run)
        return tuple(
            ScalingPoint(workers, tuple(runs), self.serial_s)
            for workers, runs in sorted(by_workers.items())
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the study as plain values for JSON."""
        first = self.serial_runs[0]
        return {
            "mode": self.mode,
            "workload": self.workload,
            "tasks_count": self.tasks_count,
            "task_ms": first.task_ms,
            **asdict(first.conditions),
            "serial_s": self.serial_s,
            "serial_wall_times_s": [run.wall_time_s for run in self.serial_runs],
            "points": [
                {
                    "workers": point.workers,
                    "wall_times_s": list(point.wall_times_s),
                    "speedup": point.speedup,
                    "speedup_spread": list(point.speedup_spread),
                    "ceiling": point.ceiling,
                    "efficiency": point.efficiency,
                    "disturbed": point.disturbed,
                }
                for point in self.points
            ],
            "results_digest": first.results_digest,
        }


def _require_equal(name: str, expected: object, received: object) -> None:
    if expected != received:
        raise MixedRunsError(
            f"These runs do not belong together: {name} is {expected!r} in one "
            f"and {received!r} in another. Measure both again under the same conditions."
        )
