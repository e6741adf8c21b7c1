"""The control panel: sliders on one side, what the pool does on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from typing import Any, Self, Unpack

import ipywidgets as widgets

from swimlanes import keep
from swimlanes.connection import pulse
from swimlanes.cores import usable_cores
from swimlanes.errors import RequestError
from swimlanes.measure.plan import check_choice
from swimlanes.measure.work import Work, check_beginning, chosen_work
from swimlanes.options import PanelOptions, takes
from swimlanes.panel.level import LEVELS, Level
from swimlanes.panel.request import MOST_WORKERS, Request, check_inputs
from swimlanes.panel.session import Session
from swimlanes.panel.state import State
from swimlanes.records import Comparison, Run, ScalingStudy

__all__ = ["ControlPanel"]

_WITHOUT_WIDGETS = (
    "Swimlanes: the control panel shows in JupyterLab, Notebook 7 or Voilà, with ipywidgets "
    "installed. Open this there, or measure without it: swimlanes.run() and swimlanes.study(), "
    "or the command 'swimlanes run'."
)


def arrange(session: Session) -> list[widgets.Widget]:
    """Return the notice, the header, the controls beside the pictures, and below them the folds."""
    body = widgets.HBox([session.controls, session.view.arranged()])
    body.add_class("swimlanes-body")
    folds = [session.code.fold, session.tables.fold]
    if session.level >= Level.SPEEDUP:
        folds += [session.archive.fold, session.share.fold]
    buttons = widgets.HBox([fold.button for fold in folds])
    buttons.add_class("swimlanes-folds")
    return [pulse(), session.view.header, body, buttons, *(fold.content for fold in folds)]


class ControlPanel(widgets.VBox):  # type: ignore[misc]
    """A panel to run tasks on workers and to see what happens; show it as a cell's last line.

    Its parameters are those of `__init__`.

    Attributes
    ----------
    controls : Controls
        The fields and buttons, for example ``panel.controls.workers.value``.
    session : Session
        What connects them with what is shown.

    Raises
    ------
    RequestError
        If a value makes no sense.
    """

    # ipywidgets closes a widget also when its values were refused: then nothing is to be stopped.
    _stop: Callable[[], None] | None = None

    @takes(PanelOptions)
    def __init__(
        self,
        workload: str | Callable[[Any], Any] = "count-down",
        inputs: Iterable[Any] | None = None,
        *,
        mode: str = "processes",
        **options: Unpack[PanelOptions],
    ) -> None:
        """Settle what the fields show at first.

        Parameters
        ----------
        workload : str or callable
            Name of a workload, such as ``count-down`` (computes) or ``query`` (waits), or your own
            function of one argument: the function itself, or ``module:function``. It is then one
            more workload to choose, beside those with a name.
        inputs : iterable, optional
            Inputs of your own function, one per task, as for `swimlanes.run`; 1 to 100 000. They
            are taken once: all runs have the same.
        mode : str
            As for `swimlanes.run`.
        {options}
        """
        check_choice("level of the panel", options["level"], LEVELS)
        check_inputs(inputs)
        check_beginning(options["initializer"], options["initargs"], options["warmup"])
        cores = usable_cores()
        workers = min(cores, MOST_WORKERS) if options["workers"] is None else options["workers"]
        options |= {"workers": workers, "initargs": tuple(options["initargs"])}
        chosen = chosen_work(workload, inputs)
        if isinstance(chosen, Work):
            first = Request(chosen.function, mode, options, chosen.inputs)
        else:
            first = Request(chosen.name, mode, options)
        first.check()
        self.session = Session(first, cores)
        self.controls = self.session.controls
        self._stop = self.session.conductor.stop
        super().__init__(arrange(self.session))
        self.add_class("swimlanes")
        self.add_class("swimlanes-connected")

    @property
    def state(self) -> State:
        """What the panel is doing."""
        return self.session.conductor.state

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs so far, oldest first, without those of sweeps."""
        return self.session.results.runs

    @property
    def last_run(self) -> Run | None:
        """The latest run, or None."""
        return self.session.results.last_run

    @property
    def studies(self) -> tuple[ScalingStudy, ...]:
        """The studies so far, oldest first; the last one may still be growing."""
        return self.session.results.studies

    @property
    def study(self) -> ScalingStudy | None:
        """The latest study, or None."""
        return self.session.results.study

    @property
    def comparison(self) -> Comparison | None:
        """The latest comparison of all modes, or None; it may still be growing."""
        return self.session.results.comparison

    def save(self, path: str | PathLike[str]) -> None:
        """Save what came last, a run, a study or a comparison; the file's name says how.

        Parameters
        ----------
        path : path-like
            Ends in ``.json``, ``.csv``, ``.svg`` or ``.png``, for a run also in ``.trace.json``.
            A file that exists is replaced.

        Raises
        ------
        SwimlanesError
            If there is nothing to save, the name makes no sense, or the file cannot be written.
        """
        latest = self.session.results.latest
        if latest is None:
            raise RequestError("There is nothing to save yet: run or sweep first.")
        keep.save(latest, path)

    def open(self, path: str | PathLike[str] | None = None) -> Self:
        """Show a run, a study or a comparison that was saved as ``.json``.

        Parameters
        ----------
        path : path-like
            The file. ipywidgets itself calls this without one, to connect a widget.

        Returns
        -------
        ControlPanel
            This panel, so that ``ControlPanel().open("run.json")`` shows it.

        Raises
        ------
        SwimlanesError
            If the file cannot be read or is no record, or while something goes on.
        """
        if path is None:
            super().open()
        else:
            self.session.open(path)
        return self

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing goes on and return True, or return False after `timeout_s` seconds."""
        return self.session.conductor.wait(timeout_s)

    def close(self) -> None:
        """Stop what goes on and remove the panel."""
        if self._stop is not None:
            self._stop()
        super().close()

    def __repr__(self) -> str:
        """Say what is missing where no widgets are shown."""
        return _WITHOUT_WIDGETS

    def _repr_mimebundle_(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Show the panel, or the text where no widgets are shown; ipywidgets would cut it."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**arguments)
        return {**bundle, "text/plain": repr(self)}
