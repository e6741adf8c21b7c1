"""The pictures: lanes, load of the cores, speedup, account, every way. They only draw."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex

import ipywidgets as widgets

from swimlanes import drawing
from swimlanes.cores import UsableCores
from swimlanes.drawing import Guess
from swimlanes.drawing.chart import ASPECTS, HEIGHT
from swimlanes.drawing.frame import WIDTH as LANES_WIDTH
from swimlanes.drawing.ghost import shared_span_s
from swimlanes.drawing.svg import notice, size_of
from swimlanes.markup import Markup, markup
from swimlanes.panel.level import Level
from swimlanes.panel.parts import show
from swimlanes.panel.results import Results, cpus_of
from swimlanes.records import LoadSample, Run, ScalingStudy, Timeline
from swimlanes.shown import Shown


class Room(Shown):
    """Shows a picture, in a place as high as the highest that stood in it since it was emptied.

    Its least height and its height now are px at the picture's natural width.
    """

    def __init__(self, least: int = 0) -> None:
        super().__init__()
        self._least = self.height = least

    def put(self, svg: Markup) -> Markup:
        """Show a picture, and return it in its place."""
        width, height = size_of(svg)
        self.height = max(self.height, height)
        self.value = markup(
            '<div class="swimlanes-room">'
            '<div style="aspect-ratio:{0}/{1};min-width:{0}px">{2}</div></div>',
            width,
            self.height,
            svg,
        )
        return self.value

    def keep_for(self, svg: Markup) -> None:
        """Make the place as high as a picture that is still to come, and no higher."""
        self.height = max(self._least, size_of(svg)[1])


_LEAST_LANES_PX = 124
_NOTES_PX = 14
_ACCOUNT_AROUND_PX, _ACCOUNT_ROW_PX = 42, 24


class Pictures:
    """The pictures of a panel, and the choice of what the curve shows: speedup, efficiency or time.

    The account has so many `bars` after a sweep; `curve` is the speedup with the choice.
    """

    def __init__(self, cores: UsableCores, bars: int, level: Level) -> None:
        self._cores, self._level = cores, level
        self._name = f"swimlanes-{token_hex(3)}"
        self._studies: Sequence[ScalingStudy] = ()
        self._guesses: Sequence[Guess] = ()
        self._work = ""
        self._before: Run | None = None
        self.lanes = Room(_LEAST_LANES_PX)
        self.load = Room()
        self.speedup = Room(HEIGHT + _NOTES_PX)
        self.account = Room(_ACCOUNT_AROUND_PX + (bars + 1) * _ACCOUNT_ROW_PX)
        self.comparison = Room()
        self.show = widgets.Dropdown(options=list(ASPECTS), description="Show")
        self.show.add_class("swimlanes-show")
        self.show.observe(lambda _: self._draw_curve(), "value")
        self.curve = widgets.VBox([self.show, self.speedup])
        self.curve.add_class("swimlanes-curve")

    def tell(self, work: str, before: Run | None = None) -> None:
        """Name the work whose lanes come, and draw the run before it below them."""
        self._work, self._before = work, before

    def keep_room(self, mode: str, workers: int, threads: int) -> None:
        """Make room for runs with at most so many workers, so that nothing moves during them."""
        idle = tuple(0.0 for _ in self._cores.cpus)
        load = (LoadSample(0.0, idle),)
        nothing_yet = Timeline(mode, workers, 1, 1, 0.0, threads=threads, core_load=load)
        self.lanes.keep_for(self._lanes(nothing_yet))
        if self._level >= Level.CORES:
            self.load.keep_for(drawing.core_load(nothing_yet, self._cores.cpus))

    def show_timeline(self, timeline: Timeline | None) -> None:
        """Draw a run, finished or not."""
        self.lanes.put(self._lanes(timeline))
        if self._level >= Level.CORES:
            self._show_load(timeline)

    def _show_load(self, timeline: Timeline | None) -> None:
        cpus = cpus_of(timeline, self._cores.cpus)
        until_s = None if timeline is None else shared_span_s(timeline, self._before)
        self.load.put(drawing.core_load(timeline, cpus, self._id("load"), until_s=until_s))

    def show_results(self, results: Results, guesses: Sequence[Guess]) -> None:
        """Draw what is made from whole runs and studies."""
        if self._level >= Level.SPEEDUP:
            self.show_curves(results.studies, guesses)
            self.show_account(results.latest_run, results.study_of_latest)
        show(self.comparison, results.comparison is not None)
        if results.comparison is not None:
            picture = drawing.comparison(results.comparison, self._id("comparison"))
            self.comparison.put(picture)

    def show_curves(self, studies: Sequence[ScalingStudy], guesses: Sequence[Guess]) -> None:
        """Draw the studies over the number of workers."""
        self._studies, self._guesses = studies, guesses
        show(self.show, bool(studies))
        self._draw_curve()

    def show_account(self, run: Run | None, study: ScalingStudy | None) -> None:
        """Draw where the time of a study's points went, and that of a run."""
        rows = drawing.account_rows(run, study)
        self.account.put(drawing.account(rows, self._id("account")))

    def _lanes(self, timeline: Timeline | None) -> Markup:
        if timeline is not None:
            return drawing.lanes(
                timeline,
                self._id("lanes"),
                work=self._work,
                before=self._before,
                chunks=self._level >= Level.CORES,
            )
        # As high as the lanes to come, so that the frame has no gap below it.
        size = (LANES_WIDTH, self.lanes.height)
        sentence = "Press Run to see your workers."
        return notice(self._id("lanes"), size, "Workers and tasks", sentence)

    def _draw_curve(self) -> None:
        svg = drawing.speedup(
            self._studies,
            self._studies[-1].usable_cores if self._studies else self._cores,
            self._id("speedup"),
            show=self.show.value,
            guesses=self._guesses,
        )
        self.speedup.put(svg)

    def _id(self, name: str) -> str:
        return f"{self._name}-{name}"
