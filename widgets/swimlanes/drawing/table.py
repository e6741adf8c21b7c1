"""Earlier runs, one a line, to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from swimlanes import metrics
from swimlanes.drawing.look import AXIS, FAINT, FONT, GRID, INK
from swimlanes.drawing.svg import amount, duration
from swimlanes.drawing.words import workers_of
from swimlanes.records import Run

LINES = 5
_NUMBER = "text-align:right;white-space:nowrap;padding:3px 0 3px 5px"
_TEXT = "text-align:left;white-space:nowrap;padding:3px 0"


def earlier_runs(runs: Sequence[tuple[Run, Run | None]]) -> str:
    """List the latest runs as an HTML table, the newest first.

    Parameters
    ----------
    runs : sequence of (Run, Run or None)
        Each run with a serial run of the same work, if there is one.

    Returns
    -------
    str
        Empty without runs.
    """
    if not runs:
        return ""
    rows = "".join(_row(run, serial_run) for run, serial_run in reversed(runs[-LINES:]))
    return (
        f'<table style="width:100%;border-collapse:collapse;font:11px {FONT};color:{INK}">'
        '<caption style="text-align:left;font-size:13px;font-weight:600;padding-bottom:4px">'
        "Runs so far</caption>"
        f'<thead style="color:{FAINT};border-bottom:1px solid {AXIS}"><tr>'
        f'<th scope="col" style="{_TEXT}">workers</th>'
        f'<th scope="col" style="{_NUMBER}">tasks</th>'
        f'<th scope="col" style="{_NUMBER}">time</th>'
        f'<th scope="col" style="{_NUMBER}">speedup</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(run: Run, serial_run: Run | None) -> str:
    gain = "–" if serial_run is None else f"{_gain(run, serial_run):.2f}"
    who = workers_of(run.mode, run.workers, run.threads).lower()
    return (
        f'<tr title="{escape(_details(run))}" style="border-bottom:1px solid {GRID}">'
        f'<td style="{_TEXT};white-space:normal">{who}</td>'
        f'<td style="{_NUMBER}">{run.tasks_count}{_size(run)}</td>'
        f'<td style="{_NUMBER}">{duration(run.wall_time_s)}</td>'
        f'<td style="{_NUMBER}">{gain}</td></tr>'
    )


def _size(run: Run) -> str:
    if run.task_bytes is not None:
        return f" × {amount(run.task_bytes)}"
    return "" if run.task_ms is None else f" × {run.task_ms:g} ms"


def _details(run: Run) -> str:
    """Name what the columns leave out, where it was chosen."""
    lengths = f"{run.lengths} lengths" if run.lengths not in ("", "equal") else ""
    chunks = f"{run.schedule} in chunks of {run.chunksize}" if run.mode != "serial" else ""
    return ", ".join(filter(None, (run.workload, lengths, chunks, run.start_method)))


def _gain(run: Run, serial_run: Run) -> float:
    return metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
