"""Performs one request at a time on a thread of its own; the kernel never waits for it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from typing import Protocol

from swimlanes.drawing.words import workers_of
from swimlanes.errors import RunCancelled, SwimlanesError
from swimlanes.measure import RunInProgress
from swimlanes.panel.request import Request
from swimlanes.panel.state import Phase, State
from swimlanes.records import Run, ScalingStudy, Timeline

REDRAW_S = 0.2
# A picture may take this share of the time at most, so that showing never slows the work.
DRAWING_SHARE = 0.05
POLL_S = 0.05


class Audience(Protocol):
    """Who is told what happens. The calls come one at a time, mostly on the conductor's thread."""

    def show_state(self, state: State) -> None:
        """Show what is going on."""

    def show_timeline(self, timeline: Timeline) -> None:
        """Show a run, finished or not."""

    def show_run(self, run: Run) -> None:
        """Take a run that has ended well."""

    def show_study(self, study: ScalingStudy) -> None:
        """Take a study, finished or not."""


class Conductor:
    """Starts runs and sweeps, watches them, stops them.

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
        self._next_redraw = 0.0

    def run(self, request: Request) -> None:
        """Start a run; without effect while something goes on."""
        self._start(Phase.RUNNING, "Running.", lambda: self._run(request))

    def sweep(self, request: Request) -> None:
        """Start a sweep; without effect while something goes on."""
        self._start(Phase.SWEEPING, "Sweeping.", lambda: self._sweep(request))

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

    def _start(self, phase: Phase, sentence: str, job: Callable[[], str]) -> None:
        with self._lock:
            if self.state.busy:
                return
            self._stop.clear()
            self._next_redraw = 0.0
            self._enter(State(phase, sentence))
            self._thread = threading.Thread(
                target=self._perform, args=(job,), name="swimlanes-panel", daemon=True
            )
            self._thread.start()

    def _perform(self, job: Callable[[], str]) -> None:
        """Do a job; whatever happens, the panel is idle or failed afterwards."""
        try:
            end = State(sentence=job())
        except RunCancelled:
            end = State(sentence="Stopped. The picture shows how far it came.")
        except SwimlanesError as error:
            end = State(Phase.FAILED, str(error), error.detail)
        except Exception as error:
            sentence = f"The panel itself failed ({error!r}). Please report it with the detail."
            end = State(Phase.FAILED, sentence, traceback.format_exc())
        self._enter(end)

    def _run(self, request: Request) -> str:
        run = self._watch(request.launch())
        self._audience.show_run(run)
        return ""

    def _sweep(self, request: Request) -> str:
        for step in request.sweep():
            if step.study is not None and step.study.runs:
                self._audience.show_study(step.study)
            if step.running is not None:
                plan = step.running.plan
                who = workers_of(plan.mode, plan.workers, plan.threads).lower()
                self._report(f"Sweep: run {step.done + 1} of {step.total}, {who}.")
                self._watch(step.running)
        return ""

    def _report(self, sentence: str) -> None:
        with self._lock:
            if self.state.can_stop:
                self._enter(State(self.state.phase, sentence))

    def _watch(self, running: RunInProgress) -> Run:
        """Show a run until it ends."""
        while not running.done:
            self._show(running)
            running.wait(POLL_S)
            if self._stop.is_set():
                running.cancel()
        run = running.result()
        self._next_redraw = 0.0
        self._show(running)
        return run

    def _show(self, running: RunInProgress) -> None:
        """Draw when it is time again: five times a second, less often if it takes long."""
        begin = time.monotonic()
        if begin < self._next_redraw:
            return
        self._audience.show_timeline(running.timeline())
        cost = time.monotonic() - begin
        self._next_redraw = begin + max(REDRAW_S, cost / DRAWING_SHARE)

    def _enter(self, state: State) -> None:
        with self._lock:
            self.state = state
            self._audience.show_state(state)
