"""Who is told what the conductor does."""

from __future__ import annotations

from typing import Protocol

from swimlanes.measure import Plan, Work
from swimlanes.panel.state import State
from swimlanes.records import Comparison, Run, ScalingStudy, Timeline


class Audience(Protocol):
    """Who is told what happens. The calls come one at a time, mostly on the conductor's thread."""

    def show_state(self, state: State) -> None:
        """Show what is going on."""

    def show_timeline(self, timeline: Timeline) -> None:
        """Show a run, finished or not."""

    def show_calibrated(self) -> None:
        """Take note that the work of a request can be settled at once now."""

    def show_work(self, work: Work, plan: Plan) -> None:
        """Take what is being done, and how."""

    def show_run(self, run: Run) -> None:
        """Take a run that has ended well."""

    def show_study(self, study: ScalingStudy) -> None:
        """Take a study, finished or not."""

    def show_comparison(self, comparison: Comparison) -> None:
        """Take a comparison, finished or not."""

    def show_replay(self, study: ScalingStudy) -> None:
        """Show a study that grows once more, without keeping it."""

    def end_replay(self) -> None:
        """Show again what has been kept."""
