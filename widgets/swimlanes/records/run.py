"""One finished run, and the conditions under which it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from swimlanes import metrics, modes
from swimlanes.records.evidence import Bare, Evidence
from swimlanes.records.tasks import TaskRecord
from swimlanes.records.timeline import Timeline, plain


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
    settings : str
        What limits threads and CPU time, as far as it is set, such as ``OMP_NUM_THREADS=1``.
    """

    usable_cores: int
    interpreter: str
    machine: str
    settings: str = ""


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
        CPU time of the runner and all its workers, seconds; with what the warm-up took.
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
    evidence : Evidence
        What was measured beside the tasks, to tell one cause from another.
    bare : Bare or None
        Times of the same run with nothing recorded, where recording cost more than the tasks
        bear. Then all times of the run are these, and lanes and tasks are of the recorded one.
    function_digest : str
        SHA-256 of the function's code, which tells whether two runs called the same; empty if not
        known.
    remarks : tuple of str
        Sentences about what the run did otherwise than its caller may think.
    warmup : int
        How often each worker called the function before the clock.
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
    evidence: Evidence = field(default_factory=Evidence)
    bare: Bare | None = None
    function_digest: str = ""
    remarks: tuple[str, ...] = field(default=(), repr=False, compare=False)
    warmup: int = 0

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
        return self._times.startup_s or 0.0

    @property
    def map_s(self) -> float:
        """Seconds from calling ``map`` to having all results."""
        return self._times.map_s or 0.0

    @property
    def warmup_s(self) -> float:
        """Seconds that the warm-up took, between start-up and map; no part of the wall time."""
        return self.timeline.warmup_s

    @property
    def wall_time_s(self) -> float:
        """Seconds from asking for the pool until it is gone: start-up, map and shut-down."""
        return self._times.wall_time_s or 0.0

    @property
    def _times(self) -> Bare | Timeline:
        return self.timeline if self.bare is None else self.bare

    @property
    def recording_share(self) -> float:
        """What recording took, as a share of the time in the tasks; 0 if that is not known."""
        in_tasks_s = sum(lane.in_tasks_s for lane in self.timeline.lane_totals())
        recording_s = self.evidence.record_cost_s * len(self.tasks)
        return recording_s / in_tasks_s if in_tasks_s else 0.0

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
    def others_seen(self) -> float:
        """Load by other processes, cores; 0 where it is not known, or within its own error."""
        return metrics.seen_load(self.others_load, self.evidence.others_error)

    @property
    def others_in_the_way(self) -> float:
        """Load by other processes that is not on CPUs for which the run had no use, cores."""
        return metrics.in_the_way(self.others_seen, len(self.timeline.cpus), self.usable_cores)

    @cached_property
    def others_share(self) -> float:
        """Share of the wall time by which the others may have prolonged the run, 0 to 1.

        Lanes that were ready to run and had no core have waited for the others as long as these
        computed, at most. Of what is computed beside the tasks nobody sees the waits, and of tasks
        too short for records neither: it counts as held up as programs are that share a core.
        """
        if self.bare is not None:
            return self._held_up(self.cpu_time_s)
        account = self.account
        in_tasks = account.neighbour / account.area_s if account.area_s else 0.0
        return min(1.0, in_tasks + self._held_up(self.cpu_time_s - self._computed_s))

    @property
    def disturbed(self) -> bool:
        """Whether others disturbed it so much that it is no fair measurement.

        Their load alone says that of a run that computes, in its tasks or to start workers and to
        send values; a run that waits does not need the cores.
        """
        computes = self._held_up(self.cpu_time_s) > metrics.UNFAIR_SHARE
        load = self.others_in_the_way if computes else 0.0
        return metrics.is_unfair(load, self.usable_cores, self.others_share)

    def _held_up(self, cpu_s: float) -> float:
        """Share of the run's time by which others may have held up what computed so long, 0 to 1.

        Programs that share a core get equal parts of it: what computes there is held up for as long
        as it computes. The others are on so many of the cores as their load says.
        """
        elapsed_s = (self.timeline.wall_time_s or 0.0) + self.warmup_s
        computed = min(1.0, max(0.0, cpu_s) / elapsed_s) if elapsed_s else 0.0
        return min(1.0, computed * self.others_in_the_way / self.usable_cores)

    @cached_property
    def account(self) -> metrics.Account:
        """Where the time of all lanes went."""
        timeline = self.timeline.without_warmup()
        return metrics.account(
            timeline.lane_totals(),
            map_start_s=timeline.startup_s or 0.0,
            map_end_s=timeline.map_end_s or 0.0,
            wall_time_s=timeline.wall_time_s or 0.0,
            throttled_s=self.throttled_s or 0.0,
            others_busy_s=self._others_busy_s,
            last_result_s=timeline.all_tasks.last_result_s,
            oversubscribed=self.oversubscribed,
        )

    @cached_property
    def takes_turns(self) -> bool:
        """Whether only one lane at a time could compute: what tasks waited for says so.

        That is the GIL or a lock, and together the lanes computed no more than one core can.
        """
        waits = self.evidence.waits
        enough = waits.total >= FEWEST_LOOKS or (waits.total and modes.of(self.mode).shares_gil)
        one_at_a_time = enough and waits.gil + waits.lock > waits.other
        return bool(one_at_a_time and self._computed_s <= _ONE_CORE * self._map_recorded_s)

    @cached_property
    def _computed_s(self) -> float:
        return sum(lane.cpu_s for lane in self.timeline.lane_totals())

    @property
    def _map_recorded_s(self) -> float:
        return self.timeline.map_s or 0.0

    @property
    def _others_busy_s(self) -> float:
        """CPU time of others that may have prolonged the run, seconds.

        Lanes that take turns would have needed as long as they computed, also without the others.
        """
        busy_s = self.others_in_the_way * (self.timeline.wall_time_s or 0.0)
        if not self.takes_turns:
            return busy_s
        spare_s = max(0.0, self._map_recorded_s - self._computed_s)
        return min(busy_s, self.timeline.lanes_count * spare_s)

    @property
    def inner_threads(self) -> float:
        """CPU time of threads that tasks brought along, per CPU time of the tasks' own threads."""
        inner_s = max(0.0, (self.evidence.inner_cpu_s or 0.0) - metrics.SPIN_S)
        return inner_s / self._computed_s if self._computed_s else 0.0

    @property
    def oversubscribed(self) -> bool:
        """Whether the run had more threads to run than cores to run them on."""
        crowded = self.timeline.lanes_at_a_time > self.usable_cores
        return crowded or self.inner_threads > metrics.INNER_THREADS

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
            "warmup": self.warmup,
            "warmup_s": self.warmup_s,
            "cpu_time_s": self.cpu_time_s,
            "others_load": self.others_load,
            "throttled_s": self.throttled_s,
            "disturbed": self.disturbed,
            "others_share": self.others_share,
            "evidence": asdict(self.evidence),
            "bare": None if self.bare is None else asdict(self.bare),
            "recorded": {name: getattr(self.timeline, name) or 0.0 for name in _RECORDED},
            "account": _account_to_dict(self.account),
            "lanes": [plain(lane) for lane in self.timeline.lanes],
            "lost": [plain(attempt) for attempt in self.timeline.lost],
            "failed": list(self.timeline.failed),
            "cpus": list(self.timeline.cpus),
            "tasks": [plain(task) for task in self.tasks],
            "core_load": [plain(sample) for sample in self.timeline.core_load],
            "function_digest": self.function_digest,
            "inputs_digest": self.inputs_digest,
            "results_digest": self.results_digest,
        }


FEWEST_LOOKS = 5
"""Looks at tasks that stood still from which on their shares say something."""
_ONE_CORE = 1.05
"""How much of one core lanes that take turns may seem to compute, for clocks are not exact."""
_RECORDED = ("startup_s", "map_s", "wall_time_s")


def _account_to_dict(account: metrics.Account) -> dict[str, float | None]:
    ratios = ("parallel_efficiency", "load_balance", "communication_efficiency")
    totals = {"area": account.area_s, **account.parts, "remainder": account.remainder_s}
    in_seconds = {f"{part}_s": value for part, value in totals.items()}
    return in_seconds | {name: getattr(account, name) for name in ratios}
