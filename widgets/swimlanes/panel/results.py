"""The runs and studies of a panel, kept for comparison until they are cleared."""

from __future__ import annotations

from swimlanes.drawing import serial_partner
from swimlanes.records import Run, ScalingStudy


class Results:
    """What was measured so far, oldest first."""

    def __init__(self) -> None:
        self.runs: tuple[Run, ...] = ()
        self.studies: tuple[ScalingStudy, ...] = ()

    def add_run(self, run: Run) -> None:
        """Keep a finished run."""
        self.runs = (*self.runs, run)

    def put_study(self, study: ScalingStudy) -> None:
        """Keep a study, in place of the last if that is the same one with fewer runs."""
        kept = self.studies
        if kept and kept[-1].serial_runs[0] is study.serial_runs[0]:
            kept = kept[:-1]
        self.studies = (*kept, study)

    def clear(self) -> None:
        """Forget everything."""
        self.runs, self.studies = (), ()

    def with_partners(self) -> list[tuple[Run, Run | None]]:
        """Return each run with the latest serial run of the same work."""
        serial = [run for study in self.studies for run in study.serial_runs]
        return [(run, serial_partner(run, [*serial, *self.runs])) for run in self.runs]
