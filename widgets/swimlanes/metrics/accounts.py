"""Where the time of all lanes went, and with it the speedup.

The parts of the area n × T, POP's efficiencies, and each part in units of the speedup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any, NamedTuple

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
    "absent",
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
    absent : float
        Before the worker was asked for, and after it was gone.

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
    absent: float = 0.0

    @property
    def total(self) -> float:
        """Sum of the parts, seconds."""
        return sum(self)


class _Sum(property):
    """The part of its name, summed up over all lanes."""

    def __init__(self, about: str) -> None:
        super().__init__(lambda account: sum(getattr(lane, self._part) for lane in account.lanes))
        self.__doc__ = about

    def __set_name__(self, owner: type, name: str) -> None:
        self._part = name

    if TYPE_CHECKING:

        def __get__(self, *_: Any) -> float: ...  # type: ignore[override]  # noqa: ANN401


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

    startup = _Sum("Lane-seconds until the workers were ready and ``map`` was called.")
    dispatch = _Sum("Lane-seconds before and between tasks.")
    inputs = _Sum("Lane-seconds before tasks while inputs were pickled or unpickled.")
    results = _Sum("Lane-seconds while results were pickled, sent and unpickled.")
    transfer = _Sum("Lane-seconds that messages from and to another machine were under way.")
    lost = _Sum("Lane-seconds in tasks that came to nothing, because a cluster lost the worker.")
    useful = _Sum("CPU time of the tasks, lane-seconds.")
    waiting = _Sum("Lane-seconds in tasks ready to run but without a core, whatever the reason.")
    blocked = _Sum("Lane-seconds in tasks that waited for something else than a core.")
    imbalance = _Sum("Lane-seconds without a task while another lane still had one.")
    batches = _Sum("Lane-seconds without a task while another thread of the process still had one.")
    tail = _Sum("Lane-seconds from the last task's end until ``map`` returned.")
    shutdown = _Sum("Lane-seconds from then until the pool was gone.")
    absent = _Sum("Lane-seconds before a worker was asked for, and after it was gone.")

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
        """Rest of the waiting of a run with a core for each lane; no measurement names a cause."""
        return 0.0 if self.oversubscribed_run else self._rest_of_waiting

    @property
    def _rest_of_waiting(self) -> float:
        return self.waiting - self.throttled - self.neighbour

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


def where_it_went(serial: Account, parallel: Account) -> dict[str, float]:
    """Return what each part took of the n that n workers promise, down to the speedup.

    Parameters
    ----------
    serial : Account
        Account of the serial run: one lane.
    parallel : Account
        Account of the same work on n lanes.

    Returns
    -------
    dict of str to float
        Loss by part, no unit; a negative one is a gain. The keys are `PARTS`, of which
        ``useful`` says that computing became slower, and ``remainder``, what the accounts leave
        over. The values add up to n - S, where S is the serial / the parallel wall time.

    Raises
    ------
    ValueError
        If the serial run has more than one lane.

    Notes
    -----
    The areas are n T and T_serial, so n - S = (n T - T_serial) / T. Both areas are the sums of
    their parts, so each part's difference, divided by T, is its share of the loss.

    Examples
    --------
    >>> from swimlanes.metrics import account, LaneTotals
    >>> whole = LaneTotals(0.0, 0.0, 4.0, in_tasks_s=4.0, cpu_s=4.0, waiting_s=0.0)
    >>> longer = LaneTotals(0.5, 0.5, 3.0, in_tasks_s=2.5, cpu_s=2.5, waiting_s=0.0)
    >>> shorter = LaneTotals(0.5, 0.5, 2.0, in_tasks_s=1.5, cpu_s=1.5, waiting_s=0.0)
    >>> serial = account([whole], map_start_s=0.0, map_end_s=4.0, wall_time_s=4.0)
    >>> parallel = account([longer, shorter], map_start_s=0.5, map_end_s=3.0, wall_time_s=3.2)
    >>> lost = where_it_went(serial, parallel)  # 2 - 4.0 / 3.2 = 0.75
    >>> {part: round(loss, 4) for part, loss in lost.items() if loss}
    {'imbalance': 0.3125, 'startup': 0.3125, 'shutdown': 0.125}
    """
    if len(serial.lanes) != 1:
        raise ValueError(f"A serial run has one lane, but this one has {len(serial.lanes)}.")
    before_s, after_s = serial.parts, parallel.parts
    losses_s = {part: after_s[part] - before_s[part] for part in PARTS}
    losses_s["remainder"] = parallel.remainder_s - serial.remainder_s
    return {part: loss_s / parallel.wall_time_s for part, loss_s in losses_s.items()}


def round_to_sum(values: Mapping[str, float], total: float, digits: int) -> dict[str, float]:
    """Round values so that the rounded ones add up to the rounded total.

    Parameters
    ----------
    values : mapping of str to float
        What to round, by name, any unit.
    total : float
        Their sum, exact or already rounded to `digits`.
    digits : int
        Decimals to keep, at least 0.

    Returns
    -------
    dict of str to float
        Each value rounded up or down, in the same order.

    Raises
    ------
    ValueError
        If `total` is further from the sum of the values than rounding takes it.

    Notes
    -----
    The largest remainder method (Hamilton's, of the apportionment of seats): all are rounded
    down, then those that lost most are rounded up until the total is reached.

    Examples
    --------
    >>> round_to_sum({"imbalance": 0.25, "startup": 0.08, "tail": 0.07}, total=0.4, digits=1)
    {'imbalance': 0.2, 'startup': 0.1, 'tail': 0.1}
    """
    scale = 10**digits
    scaled = {name: value * scale for name, value in values.items()}
    target = round(round(total, digits) * scale)
    if abs(sum(scaled.values()) - target) > 0.5 + 1e-6:
        raise ValueError(f"The values add up to {sum(values.values())}, not to {total}.")
    units = {name: floor(value) for name, value in scaled.items()}
    by_remainder = sorted(units, key=lambda name: units[name] - scaled[name])
    for name in by_remainder[: target - sum(units.values())]:
        units[name] += 1
    return {name: unit / scale for name, unit in units.items()}


def _share(part: float, whole: float) -> float | None:
    return part / whole if part and whole else None
