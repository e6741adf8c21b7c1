"""The left side: sliders and buttons. They know nothing of runs; they make requests."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.modes import FORKING, SCHEDULES, start_methods
from swimlanes.panel import choices
from swimlanes.panel.request import MOST_WORKERS, Request
from swimlanes.panel.state import State
from swimlanes.scaling import BEYOND_CORES
from swimlanes.workloads import WORKLOADS

USUAL_TASKS = 64
USUAL_THREADS = 8
_LABELS = {
    "serial": "Workers",
    "threads": "Threads",
    "processes": "Processes",
    "nested": "Processes",
    "free-threaded": "Threads",
    "interpreters": "Interpreters",
}


class Controls(widgets.VBox):  # type: ignore[misc]
    """Sliders for workers, task length, tasks and mode, a list of workloads, and the buttons.

    What is needed less often is folded behind *More*.

    Parameters
    ----------
    first : Request
        What they show at first.
    usable_cores : int
        Cores that may be used; the slider for workers goes a little further.
    status : HTML
        What goes on, shown below the buttons.
    """

    def __init__(self, first: Request, usable_cores: int, status: widgets.HTML) -> None:
        self._repeats = first.repeats
        self._usual_workers = usable_cores + BEYOND_CORES
        self._busy = False
        self._make_sliders(first)
        self._make_mode(first)
        self._make_buttons()
        self._make_fold(first)
        super().__init__(
            [
                self.workers,
                self.threads,
                self.task_ms,
                self.task_bytes,
                self.tasks,
                *self._mode_parts,
                self.workload,
                widgets.HBox([self.run, self.sweep, self.stop]),
                status,
                self.more,
                self.fold,
            ],
            layout={"flex": "1 1 200px", "max_width": "220px", "margin": "0 20px 0 0"},
        )
        self.add_class("swimlanes-controls")
        for control in (self.mode, self.workload, self.more):
            control.observe(lambda _: self._refresh(), "value")
        self._refresh()

    def request(self) -> Request:
        """Return what the controls ask for now."""
        mode = self.mode.value
        return Request(
            workload=self.workload.value,
            mode=mode,
            workers=self.workers.value,
            threads=self.threads.value if mode == "nested" else None,
            tasks=self.tasks.value,
            task_ms=self.task_ms.value,
            task_bytes=self.task_bytes.value,
            lengths=self.lengths.value,
            schedule=self.schedule.value,
            chunksize=self.chunksize.value or None,
            start_method=self.start_method.value if mode in FORKING else None,
            repeats=self._repeats,
        )

    def show_state(self, state: State) -> None:
        """Enable the buttons that make sense."""
        self._busy = state.busy
        self.stop.disabled = not state.can_stop
        self._refresh()

    def _make_sliders(self, first: Request) -> None:
        self.workers = widgets.IntSlider(
            first.workers, min=1, max=max(self._usual_workers, first.workers)
        )
        threads = first.threads or 2
        self.threads = widgets.IntSlider(
            threads, min=1, max=max(USUAL_THREADS, threads), description="Threads per process"
        )
        self.task_ms = widgets.SelectionSlider(
            options=choices.task_ms(first.task_ms), value=first.task_ms, description="Task length"
        )
        self.task_bytes = widgets.SelectionSlider(
            options=choices.task_bytes(first.task_bytes),
            value=first.task_bytes,
            description="Task size",
        )
        self.tasks = widgets.IntSlider(
            first.tasks, min=1, max=max(USUAL_TASKS, first.tasks), description="Tasks"
        )

    def _make_mode(self, first: Request) -> None:
        modes = choices.available_modes()
        self.mode = widgets.SelectionSlider(options=modes, value=first.mode, description="Mode")
        self.missing = widgets.HTML(choices.missing_modes())
        self._mode_parts = (self.mode, widgets.HTML(choices.mode_marks(modes)), self.missing)
        self.workload = widgets.Dropdown(
            options=[(work.label, work.name) for work in WORKLOADS.values()],
            value=first.workload,
            description="Workload",
        )

    def _make_buttons(self) -> None:
        self.run = widgets.Button(
            description="Run", button_style="primary", tooltip="Run the tasks once"
        )
        self.sweep = widgets.Button(description="Sweep")
        self.stop = widgets.Button(
            description="Stop", disabled=True, tooltip="End all workers at once"
        )

    def _make_fold(self, first: Request) -> None:
        self.more = widgets.ToggleButton(
            description="More",
            tooltip="Show or hide further settings",
            layout={"width": "auto", "align_self": "flex-start", "margin": "4px 0"},
        )
        self.lengths = widgets.Dropdown(
            options=choices.lengths(first.lengths),
            value=first.lengths,
            description="Task lengths",
        )
        self.schedule = widgets.Dropdown(
            options=SCHEDULES, value=first.schedule, description="Schedule"
        )
        self.chunksize = widgets.SelectionSlider(
            options=choices.chunksizes(first.chunksize),
            value=first.chunksize or 0,
            description="Chunk size",
        )
        methods = start_methods()
        self.start_method = widgets.Dropdown(
            options=methods, value=first.start_method or methods[0], description="Start method"
        )
        self.many = widgets.Checkbox(
            value=first.workers > self._usual_workers,
            description=f"up to {MOST_WORKERS} workers",
            indent=False,
        )
        self.many.observe(lambda _: self._limit_workers(), "value")
        self.fold = widgets.VBox(
            [self.lengths, self.schedule, self.chunksize, self.start_method, self.many]
        )

    def _limit_workers(self) -> None:
        self.workers.max = MOST_WORKERS if self.many.value else self._usual_workers

    def _refresh(self) -> None:
        mode = self.mode.value
        in_bytes = WORKLOADS[self.workload.value].in_bytes
        self.workers.description = _LABELS[mode]
        self.workers.disabled = mode == "serial"
        self.run.disabled = self._busy
        self.sweep.disabled = self._busy or mode == "serial"
        self.sweep.tooltip = (
            "Serial has nothing to sweep: choose threads or processes"
            if mode == "serial"
            else f"Measure the speedup for 1 to {self._usual_workers} {_LABELS[mode].lower()}"
        )
        _show(self.threads, mode == "nested")
        _show(self.task_ms, not in_bytes)
        _show(self.task_bytes, in_bytes)
        _show(self.start_method, mode in FORKING)
        _show(self.fold, self.more.value)


def _show(widget: widgets.Widget, shown: bool) -> None:
    widget.layout.display = "" if shown else "none"
