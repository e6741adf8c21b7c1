"""Runs and studies as pictures (SVG text) and sentences: pure functions, no clock, no widgets."""

from swimlanes.drawing.account import Row, account, account_rows
from swimlanes.drawing.comparison import comparison
from swimlanes.drawing.core_load import core_load
from swimlanes.drawing.lanes import compared_lanes, lanes
from swimlanes.drawing.losses import describe_loss, explain
from swimlanes.drawing.possible import serial_partner
from swimlanes.drawing.speedup import Guess, describe_guess, speedup
from swimlanes.drawing.tables import (
    comparison_table,
    earlier_runs,
    load_table,
    run_table,
    study_table,
)
from swimlanes.drawing.words import (
    describe_change,
    describe_comparison,
    describe_run,
    describe_study,
    describe_time,
)

__all__ = [
    "Guess",
    "Row",
    "account",
    "account_rows",
    "compared_lanes",
    "comparison",
    "comparison_table",
    "core_load",
    "describe_change",
    "describe_comparison",
    "describe_guess",
    "describe_loss",
    "describe_run",
    "describe_study",
    "describe_time",
    "earlier_runs",
    "explain",
    "lanes",
    "load_table",
    "run_table",
    "serial_partner",
    "speedup",
    "study_table",
]
