"""What was measured, frozen: tasks, lanes, timelines, runs, scaling studies and comparisons.

Times are seconds from the moment the pool was asked for (``0.0``), unless a name says
otherwise. Nothing here reads a clock.
"""

from swimlanes.records.comparison import Comparison, LeftOut, Way, way_of
from swimlanes.records.evidence import WAITS, Bare, Evidence, Waits
from swimlanes.records.first_calls import FirstCalls, first_calls
from swimlanes.records.possible import possible_for_run
from swimlanes.records.run import Conditions, Run
from swimlanes.records.study import ScalingPoint, ScalingStudy
from swimlanes.records.tasks import TaskRecord, Tasks
from swimlanes.records.timeline import (
    LONGEST_S,
    REPLACEMENT,
    Lane,
    LoadSample,
    LostAttempt,
    Timeline,
    seen_at,
)

Record = Run | ScalingStudy | Comparison
"""What can be kept in a file and shown."""

__all__ = [
    "LONGEST_S",
    "REPLACEMENT",
    "WAITS",
    "Bare",
    "Comparison",
    "Conditions",
    "Evidence",
    "FirstCalls",
    "Lane",
    "LeftOut",
    "LoadSample",
    "LostAttempt",
    "Record",
    "Run",
    "ScalingPoint",
    "ScalingStudy",
    "TaskRecord",
    "Tasks",
    "Timeline",
    "Waits",
    "Way",
    "first_calls",
    "possible_for_run",
    "seen_at",
    "way_of",
]
