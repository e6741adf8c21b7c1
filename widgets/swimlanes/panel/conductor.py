"""Performs one request at a time on a thread of its own; the kernel never waits for it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from swimlanes.drawing.svg import plural
from swimlanes.drawing.words import workers_of
from swimlanes.errors import RunCancelled, SwimlanesError
from swimlanes.measure import RunInProgress
from swimlanes.panel.audience import Audience
from swimlanes.panel.pace import Pace
from swimlanes.panel.request import Request
from swimlanes.panel.state import Phase, State
from swimlanes.records import Run, ScalingStudy, seen_at

POLL_S = 0.05
_CALIBRATING = State(Phase.CALIBRATING, "Calibrating.")
_RUNNING = State(Phase.RUNNING, "Running.")
_SWEEPING = State(Phase.SWEEPING, "Sweeping.")
_COMPARING = State(Phase.COMPARING, "Comparing.")
_STOPPED = State(sentence="Stopped. The picture shows how far it came.")
T = TypeVar("T")


class Conductor:
    """Starts runs, sweeps, comparisons and replays, watches them, stops them.

    Parameters
    ----------
    audience : Audience
        Who is told. Every method may be called from any thread and returns at once.
    """

    def __init__(self, audience: Audience) -> None:
        self.state = State()
        self._audience = audience
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._pace = Pace()

    def calibrate(self, request: Request) -> None:
        """Find out how long the tasks take here, without running them."""
        self._start(_CALIBRATING, lambda: self._calibrate(request))

    def run(self, request: Request) -> None:
        """Start a run; without effect while something goes on."""
        self._start(_first(request, _RUNNING), lambda: self._run(request))

    def sweep(self, request: Request) -> None:
        """Start a sweep; without effect while something goes on."""
        self._start(_first(request, _SWEEPING), lambda: self._sweep(request))

    def compare(self, request: Request) -> None:
        """Start a comparison; without effect while something goes on."""
        self._start(_first(request, _COMPARING), lambda: self._compare(request))

    def replay(self, what: Run | ScalingStudy, speed: float) -> None:
        """Show a run, or all runs of a study, once more.

        Parameters
        ----------
        what : Run or ScalingStudy
            What to show.
        speed : float
            How many times as fast as it was.
        """
        first = State(Phase.REPLAYING, f"Replay, {speed:g} × as fast as it was.")
        self._start(first, lambda: self._replay(what, speed))

    def rest(self) -> None:
        """Put away what was said about the last thing done; without effect during another."""
        with self._lock:
            if not self.state.busy:
                self._enter(State())

    def stop(self) -> None:
        """Stop what goes on, if anything does."""
        with self._lock:
            if self.state.can_stop:
                self._stop.set()
                self._enter(State(Phase.STOPPING, "Stopping."))

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing goes on and return True, or return False after `timeout_s`."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return not self.state.busy

    def _start(self, first: State, job: Callable[[], str]) -> None:
        with self._lock:
            if self.state.busy:
                return
            self._stop.clear()
            self._pace.hurry()
            self._enter(first)
            self._thread = threading.Thread(
                target=self._perform, args=(job,), name="swimlanes-panel", daemon=True
            )
            self._thread.start()

    def _perform(self, job: Callable[[], str]) -> None:
        """Do a job; whatever happens, the panel is idle or failed afterwards."""
        try:
            end = State(sentence=job())
        except RunCancelled:
            end = _STOPPED
        except SwimlanesError as error:
            end = State(Phase.FAILED, str(error), error.detail)
        except Exception as error:
            sentence = f"The panel itself failed ({error!r}). Please report it with the detail."
            end = State(Phase.FAILED, sentence, traceback.format_exc())
        self._enter(end)

    def _calibrate(self, request: Request) -> str:
        request.make_work()
        self._audience.show_calibrated()
        return ""

    def _run(self, request: Request) -> str:
        work, plan = request.make_work(), request.make_plan()
        self._enter(_RUNNING)
        running = self._unless_stopped(lambda: RunInProgress(work, plan))
        self._audience.show_run(self._watch(running))
        return ""

    def _sweep(self, request: Request) -> str:
        for step in self._unless_stopped(request.sweep):
            if step.study is not None and step.study.runs:
                self._audience.show_study(step.study)
            if step.running is not None:
                plan = step.running.plan
                who = workers_of(plan.mode, plan.workers, plan.threads).lower()
                sentence = f"Sweep: run {step.done + 1} of {step.total}, {who}."
                self._enter(State(Phase.SWEEPING, sentence))
                self._watch(step.running)
        return ""

    def _compare(self, request: Request) -> str:
        for step in self._unless_stopped(request.compare):
            if step.comparison is not None:
                self._audience.show_comparison(step.comparison)
            if step.running is not None:
                plan = step.running.plan
                who = f"{step.name}, {plural(plan.workers, 'worker')}"
                sentence = f"Comparing: run {step.done + 1} of {step.total}, {who}."
                self._enter(State(Phase.COMPARING, sentence))
                self._look_on(step.running)  # whether it ended well, the comparison asks
                self._audience.show_timeline(step.running.timeline())
        return ""

    def _watch(self, running: RunInProgress) -> Run:
        """Show a run until it ends."""
        self._look_on(running)
        run = running.result()
        self._audience.show_timeline(run.timeline)
        self._audience.show_work(running.work, running.plan)
        return run

    def _look_on(self, running: RunInProgress) -> None:
        """Show a run while it goes on; end it when that is asked for."""
        while not running.done:
            self._pace.draw(partial(self._show_live, running))
            running.wait(POLL_S)
            if self._stop.is_set():
                running.cancel()
        self._pace.hurry()

    def _show_live(self, running: RunInProgress) -> None:
        timeline = running.timeline()
        self._audience.show_timeline(timeline)
        if not timeline.tasks:  # the first bar is not kept waiting
            self._pace.hurry()

    def _replay(self, what: Run | ScalingStudy, speed: float) -> str:
        try:
            if isinstance(what, Run):
                self._replay_run(what, speed)
            else:
                self._replay_study(what, speed)
        finally:
            self._audience.end_replay()
        return ""

    def _replay_study(self, study: ScalingStudy, speed: float) -> None:
        self._replay_run(study.serial_runs[0], speed)
        for number, run in enumerate(study.runs, start=1):
            self._replay_run(run, speed)
            so_far = ScalingStudy(study.serial_runs, study.runs[:number], study.scaling)
            self._audience.show_replay(so_far)

    def _replay_run(self, run: Run, speed: float) -> None:
        begin_s = time.monotonic()
        while (moment_s := (time.monotonic() - begin_s) * speed) < run.timeline.elapsed_s:
            self._pace.draw(partial(self._show_moment, run, moment_s))
            if self._stop.wait(POLL_S):
                raise RunCancelled("The replay was stopped.")
        self._audience.show_timeline(run.timeline)

    def _show_moment(self, run: Run, moment_s: float) -> None:
        self._audience.show_timeline(seen_at(run.timeline, moment_s))

    def _unless_stopped(self, start: Callable[[], T]) -> T:
        """Start something, if it was not stopped while it was prepared."""
        if self._stop.is_set():
            raise RunCancelled("Stopped before it began.")
        return start()

    def _enter(self, state: State) -> None:
        """Go to a state, unless that cannot follow: what is being stopped does not run again."""
        with self._lock:
            if self.state.may_become(state.phase):
                self.state = state
                self._audience.show_state(state)


def _first(request: Request, then: State) -> State:
    return then if request.calibrated else _CALIBRATING
