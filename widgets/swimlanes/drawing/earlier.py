"""Earlier runs, one a line, to compare with."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes import metrics, modes
from swimlanes.drawing.svg import amount, duration
from swimlanes.drawing.tables import line, note, table
from swimlanes.drawing.words import workers_of
from swimlanes.markup import NOTHING, Markup, short
from swimlanes.records import Run

LINES = 5
_COLUMNS = ("workers", "tasks", "time", "speedup")
_DISTURBED = "* no fair measurement: programs outside used the cores"


def earlier_runs(runs: Sequence[tuple[Run, Run | None]]) -> Markup:
    """List the latest runs as an HTML table, the newest first.

    Parameters
    ----------
    runs : sequence of (Run, Run or None)
        Each run with a serial run of the same work, if there is one.

    Returns
    -------
    Markup
        Empty without runs.
    """
    if not runs:
        return NOTHING
    shown = list(reversed(runs[-LINES:]))
    lines = [_line(run, serial_run) for run, serial_run in shown]
    lines.append(note(_DISTURBED, len(_COLUMNS)) if any(map(_disturbed, shown)) else NOTHING)
    return table("Runs so far", _COLUMNS, lines)


def _line(run: Run, serial_run: Run | None) -> Markup:
    fair = serial_run is not None and not serial_run.disturbed
    gain = f"{_gain(run, serial_run):.2f}" if serial_run is not None and fair else "–"
    gain += " *" if _disturbed((run, serial_run)) else ""
    who = workers_of(run.mode, run.workers, run.threads).lower()
    cells = who, f"{run.tasks_count}{_size(run)}", duration(run.wall_time_s), gain
    return line(cells, _details(run))


def _size(run: Run) -> str:
    if run.task_bytes is not None:
        return f" × {amount(run.task_bytes)}"
    return "" if run.task_ms is None else f" × {run.task_ms:g} ms"


def _details(run: Run) -> str:
    """Name what the columns leave out, where it was chosen."""
    lengths = f"{run.lengths} lengths" if run.lengths not in ("", "equal") else ""
    chunks = f"{run.schedule} in chunks of {run.chunksize}" if modes.of(run.mode).parallel else ""
    return ", ".join(filter(None, (short(run.workload), lengths, chunks, run.start_method)))


def _disturbed(pair: tuple[Run, Run | None]) -> bool:
    return any(run is not None and run.disturbed for run in pair)


def _gain(run: Run, serial_run: Run) -> float:
    return metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
