"""The left side: sliders and buttons. They know nothing of runs; they make requests."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.modes import MODES
from swimlanes.panel.request import MOST_WORKERS, Request
from swimlanes.panel.state import State
from swimlanes.scaling import BEYOND_CORES
from swimlanes.workloads import WORKLOADS

LONGEST_TASK_MS = 500
USUAL_TASKS = 64
_MARKS = "".join(f"<span>{mode}</span>" for mode in MODES)
_LABELS = {"serial": "Workers", "threads": "Threads", "processes": "Processes"}


class Controls(widgets.VBox):  # type: ignore[misc]
    """Sliders for workers, task length, tasks and mode, a list of workloads, and the buttons.

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
        self._make_buttons()
        self._make_fold(first)
        super().__init__(
            [
                self.workers,
                self.task_ms,
                self.tasks,
                self.mode,
                widgets.HTML(f'<div class="swimlanes-ends" aria-hidden="true">{_MARKS}</div>'),
                self.workload,
                widgets.HBox([self.run, self.sweep, self.stop]),
                status,
                self.more,
                self.many,
            ],
            layout={"flex": "1 1 200px", "max_width": "220px", "margin": "0 20px 0 0"},
        )
        self.add_class("swimlanes-controls")
        self.mode.observe(lambda _: self._refresh(), "value")
        self._refresh()

    def request(self) -> Request:
        """Return what the controls ask for now."""
        return Request(
            workload=self.workload.value,
            mode=self.mode.value,
            workers=self.workers.value,
            tasks=self.tasks.value,
            task_ms=self.task_ms.value,
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
        self.task_ms = widgets.IntSlider(
            round(first.task_ms),
            min=5,
            max=max(LONGEST_TASK_MS, round(first.task_ms)),
            step=5,
            description="Task length (ms)",
        )
        self.tasks = widgets.IntSlider(
            first.tasks, min=1, max=max(USUAL_TASKS, first.tasks), description="Tasks"
        )
        self.mode = widgets.SelectionSlider(options=MODES, value=first.mode, description="Mode")
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
        self.many = widgets.Checkbox(
            value=first.workers > self._usual_workers,
            description=f"up to {MOST_WORKERS} workers",
            indent=False,
        )
        self.more.observe(lambda _: self._refresh(), "value")
        self.many.observe(lambda _: self._limit_workers(), "value")

    def _limit_workers(self) -> None:
        self.workers.max = MOST_WORKERS if self.many.value else self._usual_workers

    def _refresh(self) -> None:
        mode = self.mode.value
        self.workers.description = _LABELS[mode]
        self.workers.disabled = mode == "serial"
        self.run.disabled = self._busy
        self.sweep.disabled = self._busy or mode == "serial"
        self.sweep.tooltip = (
            "Serial has nothing to sweep: choose threads or processes"
            if mode == "serial"
            else f"Measure the speedup for 1 to {self._usual_workers} {mode}"
        )
        self.many.layout.display = "" if self.more.value else "none"
