"""The left side: fields, sliders and buttons. They know nothing of runs; they make requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import ipywidgets as widgets

from swimlanes import modes
from swimlanes.brief import plural
from swimlanes.buttons import Button
from swimlanes.markup import short
from swimlanes.measure.plan import named_cluster
from swimlanes.measure.work import name_of
from swimlanes.modes import SCHEDULES, start_methods
from swimlanes.options import PanelOptions
from swimlanes.panel import choices
from swimlanes.panel.expectation import Expectation
from swimlanes.panel.level import Level
from swimlanes.panel.messages import cell_runs, hint, status
from swimlanes.panel.parts import Fold, Number, choice, show, with_slider
from swimlanes.panel.request import MOST_WORKERS, Request
from swimlanes.panel.state import Phase, State
from swimlanes.scaling import BEYOND_CORES
from swimlanes.shown import Shown
from swimlanes.workloads import WORKLOADS


class Settings:
    """Task lengths, schedule, chunk size, start method, and whether very many workers may be."""

    def __init__(self, first: Request, many: bool) -> None:
        methods = start_methods()
        given = first.options
        self.lengths = choice("Task lengths", choices.lengths(given["lengths"]), given["lengths"])
        self.schedule = choice("Schedule", SCHEDULES, given["schedule"])
        sizes = choices.chunksizes(given["chunksize"])
        self.chunksize = choice("Chunk size", sizes, given["chunksize"] or 0)
        self.start_method = choice("Start method", methods, given["start_method"] or methods[0])
        self.many = widgets.Checkbox(
            value=many, description=f"up to {MOST_WORKERS} workers", indent=False
        )
        parts = [self.lengths, self.schedule, with_slider(self.chunksize)]
        self.fold = Fold("More", [*parts, self.start_method, self.many])


USUAL_TASKS = 64
USUAL_THREADS = 8


class Controls(widgets.VBox):  # type: ignore[misc]
    """Workers, task length, tasks, mode and workload, and the buttons, as far as the level goes.

    What is needed less often is folded behind *More*. The slider for workers goes a little further
    than there are usable cores, and much further for tasks that may wait: these need no core.
    """

    def __init__(self, first: Request, usable_cores: int, level: Level) -> None:
        self._given, self._inputs, self._cores = first.options, first.inputs, usable_cores
        self.usual_workers = usable_cores + BEYOND_CORES
        self._state, self._opened = State(), ""
        self._level = level
        self._available: tuple[str, ...] = ()
        self._make_fields(first)
        self._make_mode(first)
        self._make_buttons()
        self.settings = Settings(first, many=first.workers > self._usual_most)
        self.expectation = Expectation(first.options["predict"], usable_cores, self.refresh)
        self._threads_row, self._ms_row, self._bytes_row, self._tasks_row = map(
            with_slider, (self.threads, self.task_ms, self.task_bytes, self.tasks)
        )
        super().__init__(list(self._parts(level)))
        self.add_class("swimlanes-controls")
        self.mode.observe(lambda _: self.expectation.predictions.forget_pending(), "value")
        for control in (*self.changing, self.settings.many):
            control.observe(lambda _: self.refresh(), "value")
        self.refresh()

    def _parts(self, level: Level) -> Iterator[widgets.Widget]:
        """Yield what there is to see, from above."""
        yield with_slider(self.workers)
        yield from (self._threads_row, self._ms_row, self._bytes_row, self._tasks_row)
        yield from (with_slider(self.mode, self._marks), self.missing, self.cluster)
        sweep = []
        if level >= Level.SPEEDUP:
            sweep = [self.sweep]
            yield from (self.workload, self.expectation)
        yield widgets.HBox([self.run, *sweep, self.stop])
        if level >= Level.MODES:
            yield self.compare
        if level >= Level.SPEEDUP:
            yield self.about_sweep
        yield from (self.status, Shown(cell_runs()))
        if level >= Level.CORES:
            yield from (self.settings.fold.button, self.settings.fold.content)

    @property
    def changing(self) -> tuple[widgets.Widget, ...]:
        """Everything whose value is part of a request."""
        more = self.settings
        work = (self.workload, self.tasks, self.task_ms, self.task_bytes, more.lengths)
        way = (self.mode, self.workers, self.threads, self.cluster)
        return (*work, *way, more.schedule, more.chunksize, more.start_method)

    def request(self) -> Request:
        """Return what the controls ask for now."""
        mode, more = modes.of(self.mode.value), self.settings
        options: PanelOptions = {
            **self._given,
            "workers": self.workers.whole,
            "threads": self.threads.whole if mode.has_threads else None,
            "tasks": self.tasks.whole,
            "task_ms": self.task_ms.value,
            "task_bytes": self.task_bytes.value,
            "lengths": more.lengths.value,
            "schedule": more.schedule.value,
            "chunksize": more.chunksize.value or None,
            "start_method": more.start_method.value if mode.starts_processes else None,
            "cluster": self.cluster.value.strip(),
        }
        workload = self.workload.value
        return Request(workload, mode.name, options, self._inputs if callable(workload) else None)

    def show_state(self, state: State) -> None:
        """Say what goes on and enable the buttons that make sense."""
        self._state = state
        self.refresh()

    def follow(self, record_of: str) -> None:
        """Choose the workload of a record that was opened, or say why it cannot be run again."""
        workload, own = self.workload.value, callable(self.workload.value)
        self._opened = ""
        if record_of in WORKLOADS:
            self.workload.value = record_of
        elif not (own and name_of(workload) == record_of):
            self._opened = (
                f"The work of this record ({short(record_of)}) cannot be run again: a record holds "
                "no function. Press Clear to measure what the fields say."
            )
        self.refresh()

    def forget_opened(self) -> None:
        """Measure again what the fields say."""
        self._opened = ""
        self.refresh()

    def why_not(self) -> str:
        """Return why nothing can be run now although nothing goes on, or nothing if it can."""
        return self._opened or self.expectation.why_not(self.mode.value)

    def show_modes(self, reasons: Mapping[str, str]) -> None:
        """Offer the modes that work; `reasons` says of each why it does not, if so."""
        self.missing.value = choices.missing_modes(reasons)
        names = tuple(mode for mode, reason in reasons.items() if not reason)
        if self.mode.options != names:
            chosen = self.mode.value
            self.mode.options = names  # which chooses the first of them
            self.mode.value = chosen
        self._marks.value = choices.mode_marks(names)
        self._available = names
        self.refresh()

    def _make_fields(self, first: Request) -> None:
        given = first.options
        threads = given["threads"] or 2
        self.workers = Number("Workers", first.workers, 1, MOST_WORKERS)
        self.threads = Number("Threads per process", threads, 1, max(USUAL_THREADS, threads))
        lengths, sizes = choices.task_ms(given["task_ms"]), choices.task_bytes(given["task_bytes"])
        self.task_ms = choice("Task length", lengths, given["task_ms"])
        self.task_bytes = choice("Task size", sizes, given["task_bytes"])
        self.tasks = Number("Tasks", given["tasks"], 1, max(USUAL_TASKS, given["tasks"]))

    def _make_mode(self, first: Request) -> None:
        self.mode = choice("Mode", [first.mode], first.mode)
        self.missing, self._marks = Shown(), Shown()
        cluster = first.options["cluster"]
        self.cluster = widgets.Text(
            named_cluster() if cluster is None else cluster,
            description="Cluster",
            placeholder="none: started here",
            tooltip="Address of a Dask scheduler, such as tcp://10.0.0.2:8786",
            continuous_update=False,
        )
        self.workload = choice("Workload", choices.workloads(first.workload), first.workload)

    def _make_buttons(self) -> None:
        self.run = Button("Run", button_style="primary")
        self.sweep, self.compare, self.stop = map(Button, ("Sweep", "Compare all modes", "Stop"))
        self.compare.add_class("swimlanes-compare")
        self.status, self.about_sweep = Shown(), Shown()

    @property
    def _usual_most(self) -> int:
        """How many workers there may be of themselves: many where tasks may wait for no core."""
        workload = self.workload.value
        return (
            MOST_WORKERS if callable(workload) or WORKLOADS[workload].waits else self.usual_workers
        )

    def refresh(self) -> None:
        """Show what goes with the values as they are."""
        mode, reason = modes.of(self.mode.value), self.why_not()
        own = callable(self.workload.value)  # its inputs say how many tasks there are, and which
        in_bytes = not own and WORKLOADS[self.workload.value].in_bytes
        self.workers.description = mode.counted[0].upper() + mode.counted[1:]
        self.workers.disabled = not mode.parallel
        self.workers.max = MOST_WORKERS if self.settings.many.value else self._usual_most
        show(self.settings.many, self._usual_most < MOST_WORKERS)
        state = self._state
        self.run.barred = self.sweep.barred = self.compare.barred = state.busy
        self.stop.barred = not state.can_stop
        self.run.disabled = self.compare.disabled = bool(reason) and not state.busy
        self.sweep.disabled = self.run.disabled or not mode.parallel
        waits = "Not now: wait for the end, or press Stop" if state.busy else reason
        self.run.tooltip = waits or "Run the tasks once"
        self.sweep.tooltip = waits or self._about_sweeping(mode)
        self.compare.tooltip = waits or self._about_comparing()
        self.stop.tooltip = "End all workers at once" if state.can_stop else "Nothing to stop"
        self.status.value = status(self._sentence(reason))
        (self.add_class if state.busy else self.remove_class)("swimlanes-busy")
        self.about_sweep.value = hint(" ".join(filter(None, self._sentences_on_many_runs())))
        show(self._threads_row, mode.has_threads)
        show(self.cluster, mode.elsewhere)
        show(self._tasks_row, not own)
        show(self.settings.lengths, not own)
        show(self._ms_row, not (own or in_bytes))
        show(self._bytes_row, in_bytes)
        show(self.settings.start_method, mode.starts_processes)

    def _about_sweeping(self, mode: modes.Mode) -> str:
        if not mode.parallel:
            return "Serial has nothing to sweep: choose threads or processes"
        return f"Measure the speedup for 1 to {self.usual_workers} {mode.counted}"

    def _sentences_on_many_runs(self) -> Iterator[str]:
        request = self.request()
        if modes.of(self.mode.value).parallel:
            yield request.about_sweep(self._cores)
        if self._level >= Level.MODES and self._available:
            yield request.about_compare(self._cores, self._available)

    def _about_comparing(self) -> str:
        return (
            "Measure the speedup of this work in every mode that works here, with up to "
            f"{plural(self.workers.whole, 'worker')}"
        )

    def _sentence(self, reason: str) -> str:
        if self._state.busy or not reason:
            return "" if self._state.phase is Phase.FAILED else self._state.sentence
        return reason
