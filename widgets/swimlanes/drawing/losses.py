"""Where a speedup went, as a sentence."""

from __future__ import annotations

from collections.abc import Callable

from swimlanes import metrics
from swimlanes.drawing.possible import compute_bound
from swimlanes.drawing.svg import duration, plural
from swimlanes.drawing.words import describe_run, how_long
from swimlanes.records import Run

SMALLEST = 0.02
"""Losses below this share of the workers are not worth a word of their own."""

_DISTURBED_BASELINE = (
    "That is more than there is: other programs disturbed the serial run that this is compared "
    "with. Run serial again, or sweep."
)


def explain(run: Run, serial_run: Run | None) -> str:
    """Say how long a run took and, given a serial run of the same work, where its speedup went.

    Such as "2 processes: 16 tasks in 0.87 s. Of 2.00 possible you reached 1.87: 0.13 went to ..."
    """
    if serial_run is None or run.mode == "serial":
        return describe_run(run)
    gain = metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
    beyond = serial_run.disturbed and gain > len(run.account.lanes)
    doubt = f" {_DISTURBED_BASELINE}" if beyond else ""
    return f"{how_long(run)}. {describe_loss(serial_run, run)}{doubt}"


def describe_loss(serial_run: Run, run: Run) -> str:
    """Say what became of the speedup that n workers promise.

    Parameters
    ----------
    serial_run : Run
        A serial run of the same work.
    run : Run
        The run; its n counts every lane, which is threads of each worker if nested.

    Returns
    -------
    str
        Such as "Of 2.00 possible you reached 1.60: 0.30 went to imbalance (task 1 ran alone for
        240 ms), 0.10 to start-up (the pool was ready after 50 ms)." The figures add up.
    """
    lanes = len(run.account.lanes)
    gain = metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
    reached = f"Of {lanes:.2f} possible you reached {gain:.2f}"
    losses = _rounded(metrics.where_it_went(serial_run.account, run.account), lanes, gain)
    named = {part: loss for part, loss in losses.items() if abs(loss) >= SMALLEST * lanes}
    if not named:
        return f"{reached}: next to nothing was lost."
    lost = [
        f"{loss:.2f} {'went ' if number == 0 else ''}to {_NAMES[part](serial_run, run)}"
        for number, (part, loss) in enumerate(_largest_first(named, +1))
    ]
    won = [f"{-loss:.2f} was gained by {_GAINS[part]}" for part, loss in _largest_first(named, -1)]
    rest = round(sum(losses.values()) - sum(named.values()), 2)
    if rest > 0:
        lost.append(f"{rest:.2f} to smaller things")
    return f"{reached}: {', '.join([*lost, *won])}."


def _rounded(losses: dict[str, float], lanes: int, gain: float) -> dict[str, float]:
    losses = dict(losses)
    losses["dispatch"] += losses.pop("remainder")  # below a thousandth of the area
    return metrics.round_to_sum(losses, total=lanes - round(gain, 2), digits=2)


def _largest_first(losses: dict[str, float], sign: int) -> list[tuple[str, float]]:
    ours = [(part, loss) for part, loss in losses.items() if loss * sign > 0]
    return sorted(ours, key=lambda item: -item[1] * sign)


def _imbalance(serial_run: Run, run: Run) -> str:
    ends = {lane: 0.0 for lane in range(1, len(run.account.lanes) + 1)}
    last = max(run.tasks, key=lambda task: task.end_s or 0.0)
    for task in run.tasks:
        ends[task.worker] = max(ends[task.worker], task.end_s or 0.0)
    before, end_s = [0.0, *sorted(ends.values())][-2:]
    alone_s = end_s - max(before, last.start_s)
    if alone_s < 0.02 * run.wall_time_s:
        return "imbalance"
    return f"imbalance (task {last.task} ran alone for {duration(alone_s)})"


def _blocked(serial_run: Run, run: Run) -> str:
    if run.mode in ("threads", "nested") and compute_bound(serial_run):
        return "waiting for the GIL"
    return "waiting inside tasks, for data or locks"


_NAMES: dict[str, Callable[[Run, Run], str]] = {
    "useful": lambda *_: "slower computing",
    "throttled": lambda _, run: f"the quota (throttled for {duration(run.throttled_s or 0.0)})",
    "neighbour": lambda _, run: (
        "other programs"
        + (f" (they kept {run.others_load:.2f} cores busy)" if run.others_load else "")
    ),
    "oversubscribed": lambda _, run: (
        f"waiting for a core ({plural(len(run.account.lanes), 'lane')} on "
        f"{plural(run.usable_cores, 'core')})"
    ),
    "blocked": _blocked,
    "imbalance": _imbalance,
    "lost": lambda *_: "tasks that were lost with their worker",
    "transfer": lambda *_: "messages under way between machines",
    "dispatch": lambda *_: "handing out tasks",
    "tail": lambda *_: "bringing in the results",
    "startup": lambda _, run: f"start-up (the pool was ready after {duration(run.startup_s)})",
    "shutdown": lambda *_: "shutting down",
}
_GAINS = {part: f"less {part}" for part in _NAMES} | {
    "useful": "faster computing",
    "blocked": "less waiting inside tasks",
    "neighbour": "less disturbance by other programs",
    "throttled": "less throttling",
    "oversubscribed": "less waiting for a core",
}
