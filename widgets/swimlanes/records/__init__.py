"""What was measured, frozen: tasks, lanes, timelines, runs, scaling studies and comparisons.

Times are seconds from the moment the pool was asked for (``0.0``), unless a name says
otherwise. Nothing here reads a clock.
"""

from swimlanes.records.comparison import Comparison, LeftOut, Way, way_of
from swimlanes.records.replay import seen_at
from swimlanes.records.run import Conditions, Run
from swimlanes.records.study import ScalingPoint, ScalingStudy
from swimlanes.records.timeline import Lane, LoadSample, LostAttempt, TaskRecord, Tasks, Timeline

__all__ = [
    "Comparison",
    "Conditions",
    "Lane",
    "LeftOut",
    "LoadSample",
    "LostAttempt",
    "Run",
    "ScalingPoint",
    "ScalingStudy",
    "TaskRecord",
    "Tasks",
    "Timeline",
    "Way",
    "seen_at",
    "way_of",
]
