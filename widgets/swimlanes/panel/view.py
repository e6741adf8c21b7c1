"""The pictures and sentences of the panel. They show what they are given and measure nothing."""

from __future__ import annotations

from html import escape
from secrets import token_hex

import ipywidgets as widgets

from swimlanes import drawing
from swimlanes.cores import UsableCores
from swimlanes.drawing.look import GREEN, VERMILLION
from swimlanes.panel.results import Results
from swimlanes.panel.state import Phase, State
from swimlanes.panel.style import STYLE
from swimlanes.records import Timeline


class View:
    """The parts of the panel that show: header, status, lanes, speedup, words, earlier runs.

    Parameters
    ----------
    cores : UsableCores
        Cores that may be used, and why.
    """

    def __init__(self, cores: UsableCores) -> None:
        self._cores = cores
        self._name = f"swimlanes-{token_hex(3)}"
        self.header = widgets.HTML(STYLE + _header(cores))
        self.status = widgets.HTML()
        self.failure = widgets.HTML()
        self.lanes = widgets.HTML()
        self.speedup = widgets.HTML(layout={"flex": "1 1 300px", "max_width": "56%"})
        self.words = widgets.HTML()
        self.earlier = widgets.HTML()
        self.clear = widgets.Button(
            description="Clear",
            tooltip="Forget all runs and curves",
            layout={"width": "auto", "align_self": "flex-end"},
        )
        self.pictures = self._arrange()
        self.show_timeline(None)
        self.show_results(Results())
        self.show_state(State())

    def show_state(self, state: State) -> None:
        """Say what is going on, or what went wrong."""
        failed = state.phase is Phase.FAILED
        self.status.value = _status("" if failed else state.sentence)
        self.failure.value = _failure(state) if failed else ""
        self.failure.layout.display = "" if failed else "none"

    def show_timeline(self, timeline: Timeline | None) -> None:
        """Draw the lanes of a run, finished or not."""
        self.lanes.value = drawing.lanes(timeline, f"{self._name}-lanes")

    def show_results(self, results: Results) -> None:
        """Draw the speedup curves and list the runs so far."""
        name = f"{self._name}-speedup"
        self.speedup.value = drawing.speedup(results.studies, self._cores, name)
        self.earlier.value = drawing.earlier_runs(results.with_partners())
        has_any = bool(results.runs or results.studies)
        self.clear.layout.display = "" if has_any else "none"

    def say(self, sentence: str) -> None:
        """Show what the latest run or study means."""
        self.words.value = _quote(sentence) if sentence else ""

    def _arrange(self) -> widgets.VBox:
        account = widgets.VBox(
            [self.words, self.earlier, self.clear],
            layout={"flex": "1 1 190px", "margin": "2px 0 0 16px"},
        )
        lower = widgets.HBox([self.speedup, account], layout={"flex_flow": "row wrap"})
        return widgets.VBox([self.failure, self.lanes, lower], layout={"flex": "3 1 460px"})


def _header(cores: UsableCores) -> str:
    count = "1 core" if cores == 1 else f"{cores} cores"
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline;'
        'border-bottom:1px solid var(--jp-border-color2,#e0e0e0);padding:0 0 6px;margin:0 0 8px">'
        '<span style="font-size:16px;font-weight:600">Swimlanes</span>'
        '<span style="flex:1;color:var(--jp-ui-font-color2)">see your Pool at work</span>'
        f'<span><b style="background:{GREEN};color:#000;border-radius:10px;padding:1px 10px">'
        f"{count}</b> {escape(cores.explain())}</span></div>{_one_core(cores)}"
    )


def _one_core(cores: UsableCores) -> str:
    if cores > 1:
        return ""
    return (
        f'<div style="border-left:3px solid {VERMILLION};padding:2px 10px;margin:0 0 8px">'
        "There is only one core to use: computing on several workers takes turns on it, so the "
        "speedup curve of count down will be flat at 1. Waiting (the query) can still overlap."
        "</div>"
    )


def _status(sentence: str) -> str:
    return f'<div role="status" style="min-height:18px;font-size:12px">{escape(sentence)}</div>'


def _failure(state: State) -> str:
    detail = (
        f"<details><summary>Detail</summary><pre>{escape(state.detail)}</pre></details>"
        if state.detail
        else ""
    )
    return (
        f'<div role="alert" style="border-left:3px solid {VERMILLION};padding:0 10px;'
        f'margin:0 0 8px">'
        f"<b>That did not work.</b> {escape(state.sentence)}{detail}</div>"
    )


def _quote(sentence: str) -> str:
    return (
        '<div role="status" style="border-left:3px solid #0072B2;padding:0 10px;'
        f'margin:0 0 12px;font-size:13px">{escape(sentence)}</div>'
    )
