"""Runs and studies as pictures (SVG text) and sentences: pure functions, no clock, no widgets."""

from swimlanes.drawing.lanes import lanes
from swimlanes.drawing.losses import describe_loss
from swimlanes.drawing.possible import comparable, serial_partner
from swimlanes.drawing.speedup import speedup
from swimlanes.drawing.table import earlier_runs
from swimlanes.drawing.words import describe_run, describe_study

__all__ = [
    "comparable",
    "describe_loss",
    "describe_run",
    "describe_study",
    "earlier_runs",
    "lanes",
    "serial_partner",
    "speedup",
]
