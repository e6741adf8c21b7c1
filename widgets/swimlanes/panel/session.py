"""What connects the parts of a panel: what is pressed, what is done, what is shown."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from swimlanes import keep
from swimlanes.cores import UsableCores
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.measure import Plan, Work
from swimlanes.panel.archive import Archive, free_name
from swimlanes.panel.conductor import Conductor
from swimlanes.panel.controls import Controls
from swimlanes.panel.finding import find_modes
from swimlanes.panel.header import OthersLoad
from swimlanes.panel.meaning import loss_of, meaning_of
from swimlanes.panel.request import Request
from swimlanes.panel.results import Results, last_run_of
from swimlanes.panel.state import State
from swimlanes.panel.texts import Code, Tables
from swimlanes.panel.view import View
from swimlanes.records import Comparison, Run, ScalingStudy, Timeline


class Session:
    """The parts of a panel and its results. It is the conductor's audience.

    Parameters
    ----------
    first : Request
        What the controls show at first.
    cores : UsableCores
        Cores that may be used.
    predict : bool
        Whether a guess is asked for.

    Attributes
    ----------
    results : Results
        What was measured or opened.
    conductor : Conductor
        Performs runs, sweeps and replays.
    controls, view, code, tables, archive
        The parts.
    """

    def __init__(self, first: Request, cores: UsableCores, predict: bool) -> None:
        self.results = Results()
        self.conductor = Conductor(self)
        self.view = View(cores)
        self.controls = Controls(first, cores, predict)
        self.code = Code(self._write_code)
        self.tables = Tables(cores.cpus)
        self.archive = Archive()
        self._predictions = self.controls.expectation.predictions
        self._others = OthersLoad(cores.cpus)
        self._done: tuple[Work, Plan] | None = None
        self._workers = first.workers
        self._keep_room(first, first.workers)
        self.view.pictures.show_timeline(None)
        self._connect()
        find_modes(first.mode, self.controls.show_modes)

    def run(self) -> None:
        """Start what the controls ask for, unless something goes on or a guess is missing."""
        request = self.controls.request()
        if self._may_start(request):
            self._keep_room(request, request.workers)
            self.conductor.run(request)

    def sweep(self) -> None:
        """Start a sweep, unless something goes on or a guess is missing."""
        request = self.controls.request()
        if self._may_start(request):
            self._keep_room(request, self.controls.usual_workers)
            self.conductor.sweep(request)

    def compare(self) -> None:
        """Start a comparison of all ways, unless something goes on or a guess is missing."""
        request = self.controls.request()
        if self._may_start(request):
            self._keep_room(request, request.workers)
            self.conductor.compare(request)

    def replay(self) -> None:
        """Show the run or the study that came last once more."""
        latest = self.results.latest
        if isinstance(latest, Run | ScalingStudy):
            self.conductor.replay(latest, self.archive.speed.value)

    def clear(self) -> None:
        """Forget all results and guesses."""
        self.results.clear()
        self._predictions.clear()
        self._done = None
        self.view.pictures.show_timeline(None)
        self._show_results()
        self.view.invite()
        self.controls.refresh()

    def save(self, path: str | PathLike[str]) -> None:
        """Save what came last."""
        if self.results.latest is None:
            raise RequestError("There is nothing to save yet: run or sweep first.")
        keep.save(self.results.latest, path)

    def open(self, path: str | PathLike[str]) -> None:
        """Show a saved run, study or comparison."""
        record = keep.load(path)
        if self.conductor.state.busy:
            raise RequestError(
                f"The panel is {self.conductor.state.phase}, so {str(path)!r} was not opened. "
                "Stop it, or wait for its end."
            )
        self.conductor.rest()
        if isinstance(record, Run):
            self.results.add_run(record)
        elif isinstance(record, ScalingStudy):
            self.results.put_study(record)
        else:
            self.results.put_comparison(record)
        self._show_last_timeline()
        self._show_results()

    def show_state(self, state: State) -> None:
        """Show what is going on."""
        self.view.show_state(state)
        self.controls.show_state(state)
        self.archive.show_state(state)
        self._others.look()  # what was used until now is told otherwise

    def show_timeline(self, timeline: Timeline) -> None:
        """Show a run, finished or not."""
        self.view.pictures.show_timeline(timeline)

    def show_calibrated(self) -> None:
        """Write the code that had to wait for it."""
        self._write_code()

    def show_work(self, work: Work, plan: Plan) -> None:
        """Take what was done, and how."""
        self._done = work, plan
        if self.code.fold.is_open:
            self._write_code()

    def show_run(self, run: Run) -> None:
        """Keep a run that has ended, and say what it means."""
        self.results.add_run(run)
        self.view.header.show_others(run.others_load)
        self._show_results()

    def show_study(self, study: ScalingStudy) -> None:
        """Keep a study, finished or not, and say what it means."""
        self.results.put_study(study)
        self.view.header.show_others(study.runs[-1].others_load)
        self._show_results()

    def show_comparison(self, comparison: Comparison) -> None:
        """Keep a comparison, finished or not, and say what it means."""
        self.results.put_comparison(comparison)
        self._show_results()

    def show_replay(self, study: ScalingStudy) -> None:
        """Show a study that grows once more, without keeping it."""
        others = tuple(kept for kept in self.results.studies if kept is not self.results.latest)
        self.view.pictures.show_curves((*others, study), self._predictions.guesses)
        self.view.pictures.show_account(None, study)

    def end_replay(self) -> None:
        """Show again what has been kept."""
        self._show_last_timeline()
        self._show_results()

    def _connect(self) -> None:
        controls, archive = self.controls, self.archive
        controls.run.on_click(lambda _: self.run())
        controls.sweep.on_click(lambda _: self.sweep())
        controls.compare.on_click(lambda _: self.compare())
        controls.stop.on_click(lambda _: self.conductor.stop())
        self.view.clear.on_click(lambda _: self.clear())
        archive.save.on_click(lambda _: self._save_chosen())
        archive.open.on_click(lambda _: self._open_chosen())
        archive.replay.on_click(lambda _: self.replay())
        for control in controls.changing:
            control.observe(lambda _: self._on_change(), "value")

    def _may_start(self, request: Request) -> bool:
        """Return whether something may start; then what is expected of it is settled."""
        reason = self.controls.expectation.why_not(request.mode)
        if self.conductor.state.busy or reason:
            return False
        self._workers = request.workers
        self._predictions.settle(request.mode, request.workers)
        self.view.say((), ())  # what is said below the lanes is about these lanes
        return True

    def _keep_room(self, request: Request, workers: int) -> None:
        workers = workers if request.kind.parallel else 1
        self.view.pictures.keep_room(request.mode, workers, request.options["threads"] or 1)

    def _on_change(self) -> None:
        """Follow a control: write its code while nothing was run, look who else uses the cores."""
        if self._done is None and self.code.fold.is_open:
            self._write_code()
        if not self.conductor.state.busy:
            self.view.header.show_others(self._others.look())

    def _write_code(self) -> None:
        if self._done is not None:
            self.code.write(*self._done, "The last run")
            return
        request = self.controls.request()
        if request.calibrated:
            self.code.write(request.make_work(), request.make_plan(), "These settings")
        else:
            self.conductor.calibrate(request)

    def _show_results(self) -> None:
        self.view.show_results(self.results, self._predictions.guesses)
        words = meaning_of(self.results, self._predictions, self._workers)
        self.view.say(words, loss_of(self.results.latest, self._workers))
        self.tables.show_results(self.results)
        self.archive.show_results(self.results)

    def _show_last_timeline(self) -> None:
        run = last_run_of(self.results.latest)
        self.view.pictures.show_timeline(None if run is None else run.timeline)

    def _save_chosen(self) -> None:
        chosen = self.archive.chosen()
        if chosen is None:
            return
        what, (kind, suffix) = chosen
        path = free_name(Path(), kind, suffix)
        try:
            keep.save(what, path)
        except SwimlanesError as error:
            self.archive.complain(str(error))
        else:
            self.archive.say(f"Saved as {path} next to the notebook.")
            self.archive.look_around()

    def _open_chosen(self) -> None:
        name = self.archive.record.value
        try:
            self.open(name)
        except SwimlanesError as error:
            self.archive.complain(str(error))
        else:
            self.archive.say(f"Opened {name}.")
