"""Where the time of all lanes went: the parts of the area n × T, and POP's efficiencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

PARTS = (
    "useful",
    "throttled",
    "neighbour",
    "oversubscribed",
    "unclear",
    "blocked",
    "lost",
    "imbalance",
    "batches",
    "transfer",
    "inputs",
    "dispatch",
    "results",
    "tail",
    "startup",
    "shutdown",
)
"""The parts of an account; each is a property of `Account`."""


class LaneAccount(NamedTuple):
    """Where the time of one lane went, seconds; the parts add up to the run's wall time.

    Attributes
    ----------
    startup : float
        Until the worker was ready and ``map`` was called.
    dispatch : float
        Between ready and first task, and between tasks: fetching work.
    useful : float
        CPU time of the tasks.
    waiting : float
        In tasks, ready to run but without a core (run-queue delay).
    blocked : float
        In tasks, neither computing nor waiting for a core: for data, a lock, the GIL.
    imbalance : float
        Done, while another lane still had a task.
    tail : float
        From the last task's end on all lanes until ``map`` returned.
    shutdown : float
        From there until the pool was gone.
    transfer : float
        Before and between tasks: messages from and to another machine were under way.
    lost : float
        In tasks that came to nothing, because their cluster lost the worker.
    inputs : float
        Before tasks, while inputs were pickled or unpickled.
    results : float
        After tasks, until their results were pickled and had gone, and while the last ones were
        unpickled.
    batches : float
        Before and between tasks: other threads of its process still worked on their batch.

    Examples
    --------
    >>> LaneAccount(0.5, 0.0, 2.0, 0.0, 0.0, 1.0, 0.0, 0.5).total
    4.0
    """

    startup: float
    dispatch: float
    useful: float
    waiting: float
    blocked: float
    imbalance: float
    tail: float
    shutdown: float
    transfer: float = 0.0
    lost: float = 0.0
    inputs: float = 0.0
    results: float = 0.0
    batches: float = 0.0

    @property
    def total(self) -> float:
        """Sum of the parts, seconds."""
        return sum(self)


@dataclass(frozen=True)
class Account:
    """Where the area n × T of a run went, lane by lane and in sum; `swimlanes.metrics.account`.

    The sums are lane-seconds: a second of one lane.

    Attributes
    ----------
    lanes : tuple of LaneAccount
        One for each of the n lanes.
    wall_time_s : float
        The run's wall time T, seconds.
    throttled_s : float
        How long a quota kept the run from its cores, seconds; 0 if unknown.
    others_busy_s : float
        CPU time that other programs took of the usable cores meanwhile, seconds.
    oversubscribed_run : bool
        Whether the run had more threads to run than cores.

    Examples
    --------
    >>> busy = LaneAccount(0.0, 0.0, 3.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    >>> idle = LaneAccount(0.0, 0.0, 1.0, 0.0, 0.0, 3.0, 0.0, 0.0)
    >>> run = Account((busy, idle), wall_time_s=4.0, throttled_s=0.0, others_busy_s=0.75)
    >>> run.useful, run.imbalance, run.neighbour, run.oversubscribed, run.remainder_s
    (4.0, 3.0, 0.75, 0.25, 0.0)
    >>> run.parallel_efficiency, run.load_balance, run.communication_efficiency
    (0.5, 0.6666666666666666, 0.75)
    """

    lanes: tuple[LaneAccount, ...]
    wall_time_s: float
    throttled_s: float
    others_busy_s: float
    oversubscribed_run: bool = True

    @property
    def startup(self) -> float:
        """Lane-seconds until the workers were ready and ``map`` was called."""
        return sum(lane.startup for lane in self.lanes)

    @property
    def dispatch(self) -> float:
        """Lane-seconds before and between tasks."""
        return sum(lane.dispatch for lane in self.lanes)

    @property
    def inputs(self) -> float:
        """Lane-seconds before tasks while inputs were pickled or unpickled."""
        return sum(lane.inputs for lane in self.lanes)

    @property
    def results(self) -> float:
        """Lane-seconds while results were pickled, sent and unpickled."""
        return sum(lane.results for lane in self.lanes)

    @property
    def transfer(self) -> float:
        """Lane-seconds that messages from and to another machine were under way."""
        return sum(lane.transfer for lane in self.lanes)

    @property
    def lost(self) -> float:
        """Lane-seconds in tasks that came to nothing, because a cluster lost the worker."""
        return sum(lane.lost for lane in self.lanes)

    @property
    def useful(self) -> float:
        """CPU time of the tasks, lane-seconds."""
        return sum(lane.useful for lane in self.lanes)

    @property
    def waiting(self) -> float:
        """Lane-seconds in tasks that were ready to run but had no core, whatever the reason."""
        return sum(lane.waiting for lane in self.lanes)

    @property
    def throttled(self) -> float:
        """Part of the waiting that a quota accounts for, lane-seconds."""
        return min(self.waiting, self.throttled_s)

    @property
    def neighbour(self) -> float:
        """Part of the other waiting that other programs' CPU time accounts for, lane-seconds."""
        return min(self.waiting - self.throttled, self.others_busy_s)

    @property
    def oversubscribed(self) -> float:
        """Rest of the waiting of a run that had too few cores: its own threads took turns."""
        return self._rest_of_waiting if self.oversubscribed_run else 0.0

    @property
    def unclear(self) -> float:
        """Rest of the waiting of a run that had a core for everybody: for whom, nobody measured."""
        return 0.0 if self.oversubscribed_run else self._rest_of_waiting

    @property
    def _rest_of_waiting(self) -> float:
        return self.waiting - self.throttled - self.neighbour

    @property
    def blocked(self) -> float:
        """Lane-seconds in tasks that waited for something else than a core."""
        return sum(lane.blocked for lane in self.lanes)

    @property
    def imbalance(self) -> float:
        """Lane-seconds without a task while another lane still had one."""
        return sum(lane.imbalance for lane in self.lanes)

    @property
    def batches(self) -> float:
        """Lane-seconds without a task while another thread of the process still had one."""
        return sum(lane.batches for lane in self.lanes)

    @property
    def tail(self) -> float:
        """Lane-seconds from the last task's end until ``map`` returned."""
        return sum(lane.tail for lane in self.lanes)

    @property
    def shutdown(self) -> float:
        """Lane-seconds from then until the pool was gone."""
        return sum(lane.shutdown for lane in self.lanes)

    @property
    def parts(self) -> dict[str, float]:
        """Lane-seconds of each of the `PARTS`, by name."""
        return {part: getattr(self, part) for part in PARTS}

    @property
    def area_s(self) -> float:
        """The area n × T, lane-seconds."""
        return len(self.lanes) * self.wall_time_s

    @property
    def remainder_s(self) -> float:
        """Lane-seconds that the parts leave over, negative if they exceed the area.

        Nothing is adjusted to make it 0, so it says how far the measurement can be trusted.
        """
        return self.area_s - sum(lane.total for lane in self.lanes)

    @property
    def parallel_efficiency(self) -> float | None:
        """Useful time / n T (POP); None if nothing was computed.

        `load_balance` times `communication_efficiency`. See POP Centre of Excellence, "POP
        standard metrics for parallel performance analysis", also for the other efficiencies.
        """
        return _share(self.useful, self.area_s)

    @property
    def load_balance(self) -> float | None:
        """Mean / maximum of the lanes' useful times (POP); None if nothing was computed."""
        return _share(self.useful / len(self.lanes), self._most_useful)

    @property
    def communication_efficiency(self) -> float | None:
        """Maximum of the lanes' useful times / T (POP); None if nothing was computed."""
        return _share(self._most_useful, self.wall_time_s)

    @property
    def _most_useful(self) -> float:
        return max(lane.useful for lane in self.lanes)


def computation_scaling(serial: Account, parallel: Account) -> float | None:
    """Return how much useful time the work took in the serial run, relative to the parallel run.

    Parameters
    ----------
    serial, parallel : Account
        Accounts of the same work.

    Returns
    -------
    float or None
        Below 1 if computing itself became slower (caches, memory, clock rate, recording);
        None if one of them computed nothing.

    Notes
    -----
    POP Centre of Excellence, "POP standard metrics for parallel performance analysis".

    Examples
    --------
    >>> def useful(seconds):
    ...     lane = LaneAccount(0.0, 0.0, seconds, 0.0, 0.0, 0.0, 0.0, 0.0)
    ...     return Account((lane,), wall_time_s=9.0, throttled_s=0.0, others_busy_s=0.0)
    >>> computation_scaling(useful(6.0), useful(8.0))
    0.75
    """
    return _share(serial.useful, parallel.useful)


def _share(part: float, whole: float) -> float | None:
    return part / whole if part and whole else None
