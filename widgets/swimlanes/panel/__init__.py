"""The control panel: sliders on one side, what the pool does on the other."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from swimlanes import drawing
from swimlanes.cores import usable_cores
from swimlanes.panel.conductor import Conductor
from swimlanes.panel.controls import Controls
from swimlanes.panel.request import MOST_WORKERS, Request
from swimlanes.panel.results import Results
from swimlanes.panel.state import State
from swimlanes.panel.view import View
from swimlanes.records import Run, ScalingStudy, Timeline

__all__ = ["ControlPanel"]


class ControlPanel(widgets.VBox):  # type: ignore[misc]
    """A panel to run tasks on workers and to see what happens; show it as a cell's last line.

    Parameters
    ----------
    workload : str
        Name of a workload, such as ``count-down`` (computes) or ``query`` (waits).
    mode : str
        ``serial``, ``threads``, ``processes``, ``nested``, ``free-threaded`` or ``interpreters``.
    workers : int, optional
        Number of workers, 1 to 32; by default as many as there are usable cores, up to 32.
    threads : int, optional
        Threads of each worker, 1 to 32, for ``nested``; the default is 2.
    tasks : int
        Number of tasks, 1 to 100 000.
    task_ms : float
        Length of a task, ms of serial work.
    task_bytes : int
        Size of each task of ``payload`` and ``memory``, bytes.
    lengths : str
        ``equal``, ``ramp-up``, ``ramp-down``, ``random``, or factors such as ``1,8,1.5,2``.
    schedule : str
        ``map``, ``imap`` or ``imap_unordered``.
    chunksize : int, optional
        Tasks that a worker takes at a time; the default is that of `swimlanes.run`.
    start_method : str, optional
        ``fork``, ``forkserver`` or ``spawn``; the default is Python's.
    repeats : int
        Repetitions of every run in a sweep, 1 to 32.

    Attributes
    ----------
    controls : Controls
        The sliders and buttons, for example ``panel.controls.workers.value``.

    Raises
    ------
    RequestError
        If a value makes no sense.
    """

    # ipywidgets closes a widget also when its values were refused: then nothing is to be stopped.
    _stop: Callable[[], None] | None = None

    def __init__(
        self,
        workload: str = "count-down",
        mode: str = "processes",
        *,
        workers: int | None = None,
        threads: int | None = None,
        tasks: int = 16,
        task_ms: float = 50.0,
        task_bytes: int = 1_000_000,
        lengths: str = "equal",
        schedule: str = "map",
        chunksize: int | None = None,
        start_method: str | None = None,
        repeats: int = 5,
    ) -> None:
        cores = usable_cores()
        first = Request(
            workload=workload,
            mode=mode,
            workers=min(cores, MOST_WORKERS) if workers is None else workers,
            threads=threads,
            tasks=tasks,
            task_ms=task_ms,
            task_bytes=task_bytes,
            lengths=lengths,
            schedule=schedule,
            chunksize=chunksize,
            start_method=start_method,
            repeats=repeats,
        )
        first.check()
        self._results = Results()
        self._conductor = Conductor(self)
        self._stop = self._conductor.stop
        self.view = View(cores)
        self.controls = Controls(first, cores, self.view.status)
        self._connect()
        body = widgets.HBox([self.controls, self.view.pictures], layout={"flex_flow": "row wrap"})
        super().__init__([self.view.header, body])
        self.add_class("swimlanes")

    @property
    def state(self) -> State:
        """What the panel is doing."""
        return self._conductor.state

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs so far, oldest first, without those of sweeps."""
        return self._results.runs

    @property
    def last_run(self) -> Run | None:
        """The latest run, or None."""
        return self.runs[-1] if self.runs else None

    @property
    def studies(self) -> tuple[ScalingStudy, ...]:
        """The studies so far, oldest first; the last one may still be growing."""
        return self._results.studies

    @property
    def study(self) -> ScalingStudy | None:
        """The latest study, or None."""
        return self.studies[-1] if self.studies else None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing goes on and return True, or return False after `timeout_s` seconds."""
        return self._conductor.wait(timeout_s)

    def close(self) -> None:
        """Stop what goes on and remove the panel."""
        if self._stop is not None:
            self._stop()
        super().close()

    def show_state(self, state: State) -> None:
        """Show what is going on."""
        self.view.show_state(state)
        self.controls.show_state(state)

    def show_timeline(self, timeline: Timeline) -> None:
        """Show a run, finished or not."""
        self.view.show_timeline(timeline)

    def show_run(self, run: Run) -> None:
        """Keep a run that has ended, and say what it means."""
        self._results.add_run(run)
        self.view.show_results(self._results)
        self.view.say(drawing.describe_run(*self._results.with_partners()[-1]))

    def show_study(self, study: ScalingStudy) -> None:
        """Keep a study, finished or not, and say what it means."""
        self._results.put_study(study)
        self.view.show_results(self._results)
        self.view.say(drawing.describe_study(study))

    def _connect(self) -> None:
        self.controls.run.on_click(lambda _: self._conductor.run(self.controls.request()))
        self.controls.sweep.on_click(lambda _: self._conductor.sweep(self.controls.request()))
        self.controls.stop.on_click(lambda _: self._conductor.stop())
        self.view.clear.on_click(lambda _: self._clear())

    def _clear(self) -> None:
        self._results.clear()
        self.view.show_results(self._results)
        self.view.say("")
