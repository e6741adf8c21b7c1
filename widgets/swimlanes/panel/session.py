"""What connects the parts of a panel: what is pressed, what is done, what is shown."""

from __future__ import annotations

from os import PathLike

from swimlanes import keep
from swimlanes.cores import UsableCores
from swimlanes.drawing import Guess
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.markup import short
from swimlanes.measure import Plan, Work
from swimlanes.panel import interrupt
from swimlanes.panel.choices import find_modes
from swimlanes.panel.conductor import Conductor
from swimlanes.panel.controls import Controls
from swimlanes.panel.folds import Archive, Code, Tables
from swimlanes.panel.header import OthersLoad
from swimlanes.panel.level import LEVELS, Level
from swimlanes.panel.request import Request
from swimlanes.panel.results import Results, last_run_of, loss_of, meaning_of
from swimlanes.panel.share import Share
from swimlanes.panel.state import Phase, State
from swimlanes.panel.view import View
from swimlanes.records import Comparison, Record, Run, ScalingStudy, Timeline
from swimlanes.worker import in_one_line


class Session:
    """The parts of a panel and its results; the conductor tells it what happens."""

    def __init__(self, first: Request, cores: UsableCores) -> None:
        self.level = LEVELS[first.options["level"]]
        self.results = Results()
        self.conductor = Conductor(self)
        interrupt.listen(self.conductor)
        self.view = View(cores, self.level)
        self.controls = Controls(first, cores, self.level)
        self.code = Code(self.write_code)
        self.tables = Tables(self.results, cores.cpus, self.level)
        self.archive = Archive(self.results, self.open)
        self._predictions = self.controls.expectation.predictions
        self.share = Share(self.results, self._standing_guess)
        self._others = OthersLoad(cores.cpus)
        self._done: tuple[Work, Plan] | None = None
        self._unfinished = False  # whether the lanes show a run of which there is no record
        self._workers = first.workers
        self._keep_room(first, first.workers)
        self.clear()
        self.view.show_state(State())
        self._connect()
        self.controls.show_modes(self.level.modes(first.mode))
        if self.level is Level.MODES:
            find_modes(first.mode, self.controls.show_modes)

    def start(self, phase: Phase) -> None:
        """Run, sweep or compare, unless something goes on or a guess is missing."""
        request, controls = self.controls.request(), self.controls
        if self.conductor.state.busy or controls.why_not():
            return
        self._workers = request.workers
        self._predictions.settle(request.mode, request.workers)
        self.view.say((), ())  # what is said below the lanes is about these lanes
        before = self.results.last_run if phase is Phase.RUNNING else None
        self.view.pictures.tell(short(request.name), before)
        most = controls.usual_workers if phase is Phase.SWEEPING else request.workers
        self._keep_room(request, most)
        self.conductor.start(phase, request)

    def replay(self) -> None:
        """Show the run or the study that came last once more."""
        latest = self.results.latest
        if isinstance(latest, Run | ScalingStudy):
            self.conductor.replay(latest, self.archive.speed.value)

    def clear(self) -> None:
        """Forget all results and guesses."""
        self.conductor.rest()
        self.results.clear()
        self._predictions.clear()
        self._done = None
        self.show_latest()
        self.view.invite()
        self.controls.forget_opened()

    def open(self, path: str | PathLike[str]) -> None:
        """Show a saved run, study or comparison."""
        record = keep.load(path)
        if self.conductor.state.busy:
            raise RequestError(
                f"The panel is {self.conductor.state.phase}, so {str(path)!r} was not opened. "
                "Stop it, or wait for its end."
            )
        self._check_shown(record, path)
        self.conductor.rest()
        before = dict(vars(self.results))
        self.results.keep(record)
        try:
            self.show_latest()
        except Exception as error:  # a stranger's record may hold figures that nobody can draw
            vars(self.results).update(before)
            self.show_latest()
            raise SwimlanesError(
                f"The record {str(path)!r} cannot be shown ({in_one_line(error)}). Save it again."
            ) from error
        self.controls.follow(last_run_of(record).workload)

    def _check_shown(self, record: Record, path: str | PathLike[str]) -> None:
        """Refuse a record of which this panel would show nothing but lanes."""
        least = {Run: Level.LANES, ScalingStudy: Level.SPEEDUP}.get(type(record), Level.MODES)
        if self.level < least:
            kind = "study" if isinstance(record, ScalingStudy) else "comparison"
            raise RequestError(
                f"{str(path)!r} holds a {kind}, and this panel shows single runs "
                f"(level={self.level.name.lower()!r}). Open it in a panel without a level."
            )

    def show_state(self, state: State) -> None:
        """Show what is going on."""
        self.view.show_state(state)
        self.controls.show_state(state)
        self.archive.show_state(state)
        self.share.show_state(state)
        self.tables.other_lanes = self._unfinished and not state.busy
        if self.tables.other_lanes:
            self.tables.show_results()
        self._others.look()  # what was used until now is told otherwise

    def show_timeline(self, timeline: Timeline) -> None:
        """Show a run, finished or not."""
        self._unfinished = True
        self.view.pictures.show_timeline(timeline)

    def show_work(self, work: Work, plan: Plan) -> None:
        """Take what was done, and how."""
        self._done = work, plan
        if self.code.fold.is_open:
            self.write_code()

    def show_record(self, record: Record) -> None:
        """Keep what was measured, finished or not, and say what it means."""
        self.results.keep(record)
        if not isinstance(record, Comparison):
            self.view.header.show_others(last_run_of(record).others_load)
        self._show_results()

    def show_replay(self, study: ScalingStudy) -> None:
        """Show a study that grows once more, without keeping it."""
        others = tuple(kept for kept in self.results.studies if kept is not self.results.latest)
        self.view.pictures.show_curves((*others, study), self._predictions.guesses)
        self.view.pictures.show_account(None, study)

    def show_latest(self) -> None:
        """Show what has been kept: the lanes of what came last, and all results."""
        latest = self.results.latest
        if latest is not None:
            name = short(last_run_of(latest).workload)
            self.view.pictures.tell(name, self.results.run_before)
        self.view.pictures.show_timeline(None if latest is None else last_run_of(latest).timeline)
        self._show_results()

    def write_code(self) -> None:
        """Write the code of the last run, or of the settings once its work is calibrated."""
        if self._done is not None:
            self.code.write(*self._done, "The last run")
            return
        request = self.controls.request()
        if request.calibrated:
            self.code.write(request.make_work(), request.make_plan(), "These settings")
        else:
            self.conductor.start(Phase.CALIBRATING, request)

    def _connect(self) -> None:
        controls = self.controls
        controls.run.on_click(lambda _: self.start(Phase.RUNNING))
        controls.sweep.on_click(lambda _: self.start(Phase.SWEEPING))
        controls.compare.on_click(lambda _: self.start(Phase.COMPARING))
        controls.stop.on_click(lambda _: self.conductor.stop())
        self.view.clear.on_click(lambda _: self.clear())
        self.archive.replay.on_click(lambda _: self.replay())
        for control in controls.changing:
            control.observe(lambda _: self._on_change(), "value")
        asked = controls.expectation
        asked.confirm.on_click(lambda _: self.share.refresh())
        for control in (asked.switch, asked.speedup):
            control.observe(lambda _: self.share.refresh(), "value")

    def _keep_room(self, request: Request, workers: int) -> None:
        workers = workers if request.kind.parallel else 1
        self.view.pictures.keep_room(request.mode, workers, request.options["threads"] or 1)

    def _standing_guess(self) -> Guess | None:
        return self._predictions.standing(self.controls.mode.value, self.controls.workers.whole)

    def _on_change(self) -> None:
        """Follow a control: write its code while nothing was run, look who else uses the cores."""
        if self._done is None and self.code.fold.is_open:
            self.write_code()
        if not self.conductor.state.busy:
            self.view.header.show_others(self._others.look())
        self.share.refresh()

    def _show_results(self) -> None:
        self._unfinished = self.tables.other_lanes = False
        self.view.show_results(self.results, self._predictions.guesses)
        words = meaning_of(self.results, self._predictions, self._workers, self.level)
        self.view.say(words, loss_of(self.results.latest, self._workers))
        self.tables.show_results()
        self.archive.show_results()
        self.share.refresh()
