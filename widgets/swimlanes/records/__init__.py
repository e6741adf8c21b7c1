"""What was measured, frozen: tasks, lanes, timelines, runs and scaling studies.

Times are seconds from the moment the pool was asked for (``0.0``), unless a name says
otherwise. Nothing here reads a clock.
"""

from swimlanes.records.replay import seen_at
from swimlanes.records.run import Conditions, Run
from swimlanes.records.study import ScalingPoint, ScalingStudy
from swimlanes.records.timeline import Lane, LoadSample, LostAttempt, TaskRecord, Tasks, Timeline

__all__ = [
    "Conditions",
    "Lane",
    "LoadSample",
    "LostAttempt",
    "Run",
    "ScalingPoint",
    "ScalingStudy",
    "TaskRecord",
    "Tasks",
    "Timeline",
    "seen_at",
]
