"""Dask's workers as lanes: tasks run there, are recorded there, and are told here.

A worker may be on another machine, where nobody can write into the record sheet. So each task is
recorded by the worker's own clock and sent as an event; the runner sets the clock right and writes
it down. Only a run in the mode ``cluster`` imports this: Dask takes long to import.
"""

from __future__ import annotations

from swimlanes.cluster.meeting import Target
from swimlanes.cluster.on_worker import Job
from swimlanes.cluster.pool import Cluster

__all__ = ["Cluster", "Job", "Target"]
