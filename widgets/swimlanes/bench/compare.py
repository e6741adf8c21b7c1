"""Our run beside other people's pools on the same work: ``make bench`` prints the table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from swimlanes import measure
from swimlanes.bench import measure_all, save
from swimlanes.bench.peers import OURS, PEERS, time_afresh
from swimlanes.bench.turns import in_turns, with_others_load
from swimlanes.cores import usable_cores
from swimlanes.metrics import is_unfair

WORKERS = 2
TASKS = 16
TASK_MS = 100
ROUNDS = 7
NO_OP_TASKS = 20_000
NO_OP_ROUNDS = 3
BASELINE = "serial map"

Times = Mapping[str, list[dict[str, float]]]


@dataclass(frozen=True)
class Row:
    """What was measured of one pool; medians of all rounds.

    `speedup` is S(2) of a pool that is up, with the smallest and the largest of all rounds as its
    `speedup_spread`, and `speedup_with_startup` has the pool's start and end. `first_result_ms`
    goes from asking for the pool to the result of one no-op task; `no_op_us` is the map's time for
    each of many of them. For `batching` see `Peer`.
    """

    name: str
    batching: str
    speedup: float
    speedup_spread: tuple[float, float]
    speedup_with_startup: float
    first_result_ms: float
    no_op_us: float


def compare() -> list[Row]:
    """Measure all pools in turns, each in a fresh process.

    Needs the peers, which the extra ``bench`` brings.
    """
    work = measure.make_work("count-down", None, tasks=TASKS, task_ms=TASK_MS)
    compute = in_turns(_timings("count_down", work.inputs), ROUNDS)
    no_op = in_turns(_timings("abs", range(NO_OP_TASKS)), NO_OP_ROUNDS)
    return [make_row(name, compute, no_op) for name in compute if name != BASELINE]


def _timings(function: str, inputs: Iterable[float]) -> dict[str, Callable[[], dict[str, float]]]:
    names = (*PEERS, OURS)
    return {name: partial(time_afresh, name, WORKERS, function, inputs) for name in names}


def make_row(name: str, compute: Times, no_op: Times) -> Row:
    """Return the medians of one pool, each round held against its own serial baseline."""
    rounds = list(zip(compute[BASELINE], compute[name], strict=True))
    speedups = [serial["map_s"] / times["map_s"] for serial, times in rounds]
    return Row(
        name=name,
        batching=PEERS[name].batching if name in PEERS else PEERS["Pool.map"].batching,
        speedup=median(speedups),
        speedup_spread=(min(speedups), max(speedups)),
        speedup_with_startup=median(serial["map_s"] / times["total_s"] for serial, times in rounds),
        first_result_ms=median(times["first_result_s"] for times in compute[name]) * 1e3,
        no_op_us=median(times["map_s"] for times in no_op[name]) / NO_OP_TASKS * 1e6,
    )


def table(rows: list[Row]) -> Table:
    """Return the rows for a terminal."""
    heads = ("S(2)", "range", "with\nstart-up", "first\nms", "no-op\nµs", "at a\ntime")
    result = Table(
        *(Column(head, no_wrap=True) for head in ("pool", *heads)),
        title=f"{TASKS} tasks of {TASK_MS} ms and {NO_OP_TASKS} no-op tasks, {WORKERS} workers",
        caption="Medians; k tasks, n workers. S(2): the pool is up, or with its start-up;\n"
        "first: from asking for the pool to the first result.",
        box=SIMPLE,
    )
    for row in rows:
        result.add_row(
            row.name,
            f"{row.speedup:.2f}",
            "{:.2f}–{:.2f}".format(*row.speedup_spread),
            f"{row.speedup_with_startup:.2f}",
            f"{row.first_result_ms:.0f}",
            f"{row.no_op_us:.1f}",
            row.batching,
        )
    return result


def main(output: Path) -> None:
    """Measure the peers and ourselves, print both tables and save them as JSON."""
    console, progress = Console(), Console(stderr=True)
    progress.print("the peers ...")
    rows, others_load = with_others_load(compare)
    console.print(table(rows), warning(others_load))
    report = measure_all(lambda what: progress.print(f"{what} ..."))
    ratios = Table("what", "measured", box=SIMPLE)
    for name, value in report["ratios"].items():
        ratios.add_row(name, f"{value:.4g}")
    console.print(ratios, warning(report["others_load"]))
    report["peers"] = {"others_load": others_load, "rows": [asdict(row) for row in rows]}
    save(report, output)


def warning(others_load: float | None) -> str:
    """Return what to think of measurements that others disturbed, or nothing.

    Examples
    --------
    >>> warning(500.0)
    'Other programs used 500.00 cores meanwhile: repeat when they have ended.'
    """
    cores, load = usable_cores(), others_load or 0.0
    if not is_unfair(load, cores, load / cores):
        return ""
    return f"Other programs used {others_load:.2f} cores meanwhile: repeat when they have ended."


if __name__ == "__main__":
    main(Path(sys.argv[1]))
