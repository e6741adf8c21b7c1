"""Performs one request at a time on a thread of its own; the kernel never waits for it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from swimlanes.brief import plural
from swimlanes.connection import measuring
from swimlanes.drawing.words import workers_within
from swimlanes.errors import RunCancelled, SwimlanesError, TaskError
from swimlanes.measure import RunInProgress
from swimlanes.panel.request import Request
from swimlanes.panel.state import Phase, State
from swimlanes.records import Run, ScalingStudy, seen_at

if TYPE_CHECKING:
    from swimlanes.panel.session import Session

POLL_S = 0.05
REDRAW_S = 0.2
DRAWING_SHARE = 0.05
"""A picture may take this share of the time at most."""

_STOPPED = State(sentence="Stopped. The picture shows how far it came.")


class Pace:
    """Draws when it is time again: five times a second, less often if it takes long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next_s = 0.0

    def draw(self, picture: Callable[[], None]) -> None:
        """Draw a picture, or not yet."""
        begin_s = self._clock()
        if begin_s < self._next_s:
            return
        self._next_s = begin_s + REDRAW_S
        picture()  # which may call for haste
        cost_s = self._clock() - begin_s
        self._next_s = max(self._next_s, begin_s + cost_s / DRAWING_SHARE)

    def hurry(self) -> None:
        """Let the next picture be drawn as soon as its share of the time allows."""
        self._next_s = 0.0


class Conductor:
    """Starts runs, sweeps, comparisons and replays, watches them, stops them.

    Its methods may be called from any thread and return at once. The session is told what happens,
    one call at a time, mostly on the conductor's thread.
    """

    def __init__(self, session: Session) -> None:
        self.state = State()
        self._session = session
        self._lock = threading.RLock()  # whoever holds it calls _enter, which takes it too
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._pace = Pace()

    def start(self, phase: Phase, request: Request) -> None:
        """Calibrate, run, sweep or compare; without effect while something goes on."""
        job = {
            Phase.CALIBRATING: self._calibrate,
            Phase.RUNNING: self._run,
            Phase.SWEEPING: self._sweep,
            Phase.COMPARING: self._compare,
        }[phase]
        first = phase if request.calibrated else Phase.CALIBRATING
        self._start(_begun(first), partial(job, request))

    def replay(self, what: Run | ScalingStudy, speed: float) -> None:
        """Show a run, or all runs of a study, once more, so many times as fast as it was."""
        first = State(Phase.REPLAYING, f"Replay, {speed:g} × as fast as it was.")
        self._start(first, partial(self._replay, what, speed))

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
                self._enter(_begun(Phase.STOPPING))

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing goes on and return True, or return False after `timeout_s`."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return not self.state.busy

    def _start(self, first: State, job: Callable[[], None]) -> None:
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

    def _perform(self, job: Callable[[], None]) -> None:
        """Do a job; whatever happens, the panel is idle or failed afterwards."""
        end = State()
        try:
            job()
        except RunCancelled:
            end = _STOPPED
        except SwimlanesError as error:
            end = State(Phase.FAILED, str(error), error.detail)
        except Exception as error:
            sentence = f"The panel itself failed ({error!r}). Please report it with the detail."
            end = State(Phase.FAILED, sentence, traceback.format_exc())
        self._enter(end)

    def _calibrate(self, request: Request) -> None:
        request.make_work()
        self._session.write_code()

    def _run(self, request: Request) -> None:
        work, plan = request.make_work(), request.make_plan()
        self._enter(_begun(Phase.RUNNING))
        self._raise_if_stopped()
        self._session.show_record(self._watch(RunInProgress(work, plan)))

    def _sweep(self, request: Request) -> None:
        self._raise_if_stopped()
        planned = 0
        for step in request.sweep():
            if step.record is not None and step.record.runs:
                self._session.show_record(step.record)
            if step.running is not None:
                plan = step.running.plan
                who = workers_within(plan.mode, plan.workers, plan.threads)
                planned = planned or step.total
                again = " again: it was disturbed" if step.total > planned else ""
                sentence = f"Sweep: run {step.done + 1} of {step.total}, {who}{again}."
                self._enter(State(Phase.SWEEPING, sentence))
                self._watch(step.running)

    def _compare(self, request: Request) -> None:
        self._raise_if_stopped()
        for step in request.compare():
            if step.record is not None:
                self._session.show_record(step.record)
            if step.running is not None:
                plan = step.running.plan
                who = f"{step.name}, {plural(plan.workers, 'worker')}"
                sentence = f"Comparing: run {step.done + 1} of {step.total}, {who}."
                self._enter(State(Phase.COMPARING, sentence))
                self._look_on(step.running)  # whether it ended well, the comparison asks
                self._session.show_timeline(step.running.timeline())

    def _watch(self, running: RunInProgress) -> Run:
        """Show a run until it ends."""
        self._look_on(running)
        try:
            run = running.result()
        except TaskError as error:
            failed = () if error.task is None else (error.task,)
            self._session.show_timeline(replace(running.timeline(), failed=failed))
            raise
        self._session.show_timeline(run.timeline)
        self._session.show_work(running.work, running.plan)
        return run

    def _look_on(self, running: RunInProgress) -> None:
        """Show a run while it goes on; end it when that is asked for."""
        with measuring():
            while not running.done:
                self._pace.draw(partial(self._show_live, running))
                running.wait(POLL_S)
                if self._stop.is_set():
                    running.cancel()
        self._pace.hurry()

    def _show_live(self, running: RunInProgress) -> None:
        timeline = running.timeline()
        self._session.show_timeline(timeline)
        if not timeline.tasks:  # the first bar is not kept waiting
            self._pace.hurry()

    def _replay(self, what: Run | ScalingStudy, speed: float) -> None:
        try:
            if isinstance(what, Run):
                self._replay_run(what, speed)
            else:
                self._replay_study(what, speed)
        finally:
            self._session.show_latest()

    def _replay_study(self, study: ScalingStudy, speed: float) -> None:
        self._replay_run(study.serial_runs[0], speed)
        for number, run in enumerate(study.runs, start=1):
            self._replay_run(run, speed)
            so_far = ScalingStudy(study.serial_runs, study.runs[:number], study.scaling)
            self._session.show_replay(so_far)

    def _replay_run(self, run: Run, speed: float) -> None:
        begin_s = time.monotonic()
        while (moment_s := (time.monotonic() - begin_s) * speed) < run.timeline.elapsed_s:
            self._pace.draw(partial(self._show_moment, run, moment_s))
            if self._stop.wait(POLL_S):
                raise RunCancelled("The replay was stopped.")
        self._session.show_timeline(run.timeline)

    def _show_moment(self, run: Run, moment_s: float) -> None:
        self._session.show_timeline(seen_at(run.timeline, moment_s))

    def _raise_if_stopped(self) -> None:
        """Begin nothing that was stopped while it was prepared."""
        if self._stop.is_set():
            raise RunCancelled("Stopped before it began.")

    def _enter(self, state: State) -> None:
        """Go to a state, unless that cannot follow: what is being stopped does not run again."""
        with self._lock:
            if self.state.may_become(state.phase):
                self.state = state
                self._session.show_state(state)


def _begun(phase: Phase) -> State:
    return State(phase, f"{phase.capitalize()}.")
