"""The folds below the pictures: *Code for this run*, *As a table*, *Save and open*.

The first two are written when they are open, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets as widgets

from swimlanes import drawing, keep
from swimlanes.buttons import Button
from swimlanes.drawing.words import workers_within
from swimlanes.errors import SwimlanesError
from swimlanes.markup import join, legible, markup, short
from swimlanes.measure import Plan, Work
from swimlanes.panel.level import Level
from swimlanes.panel.messages import alert, status
from swimlanes.panel.parts import Fold, choice
from swimlanes.panel.results import Results, cpus_of, last_run_of
from swimlanes.panel.state import State
from swimlanes.plain import plain_code
from swimlanes.records import Comparison, Record
from swimlanes.shown import Shown

_HOW = "One click selects all of it, to be copied into a cell or a script."


class Code:
    """Plain Python that does what the panel did last, or would do now."""

    def __init__(self, on_open: Callable[[], None]) -> None:
        self.text = Shown()
        self.fold = Fold("Code for this run", [self.text], on_open)

    def write(self, work: Work, plan: Plan, when: str) -> None:
        """Write the code for this work, done in this way."""
        who = workers_within(plan.mode, plan.workers, plan.threads)
        caption = f"{when}: {short(work.name)}, {len(work.inputs)} tasks, {who}. {_HOW}"
        self.text.value = markup(
            '<figure class="swimlanes-code"><figcaption>{}</figcaption>'
            '<pre tabindex="0" role="region" aria-label="Code for this run">{}</pre></figure>',
            caption,
            plain_code(work, plan),
        )


_OTHER_LANES = (
    "The lanes above show a run that did not come to its end. It is in no table: the tables tell "
    "what was measured before it."
)


class Tables:
    """Everything that is drawn, as tables; `cpus` are the ids of the usable cores.

    `other_lanes` tells whether the lanes show a run that is in no table, as it has not ended.
    """

    def __init__(self, results: Results, cpus: Sequence[int], level: Level) -> None:
        self._results = results
        self._cpus = cpus
        self._with_load = level >= Level.CORES
        self.other_lanes = False
        self.text = Shown()
        self.fold = Fold("As a table", [self.text], self._write)
        self.fold.content.add_class("swimlanes-tables")

    def show_results(self) -> None:
        """Write the tables anew, if they are open."""
        if self.fold.is_open:
            self._write()

    def _write(self) -> None:
        latest = self._results.latest
        shown = [drawing.study_table(study) for study in reversed(self._results.studies)]
        compared = self._results.comparison
        if compared is not None:
            shown.insert(0, drawing.comparison_table(compared))
        if latest is not None:
            run = last_run_of(latest)
            cpus = cpus_of(run.timeline, self._cpus)
            loaded = self._with_load and run.timeline.core_load
            load = [drawing.load_table(run.timeline, cpus)] if loaded else []
            of_run = [drawing.run_table(run), *load]
            shown = [*of_run, *shown] if latest is run else [*shown, *of_run]
        if shown and self.other_lanes:
            shown.insert(0, markup("<p><b>{}</b></p>", _OTHER_LANES))
        self.text.value = join(shown) or markup("<p>Run or sweep to have something to list.</p>")


_FORMATS = (
    ("data (JSON), can be opened again", ".json"),
    ("data (CSV)", ".csv"),
    ("picture (SVG)", ".svg"),
    ("picture (PNG)", ".png"),
)
_OF_A_RUN = (*_FORMATS, ("trace (for Perfetto)", ".trace.json"))
_NOTHING = [("nothing measured yet", "")]
_NO_RECORDS = [("no records here", "")]
SPEEDS = (1, 2, 5, 20)


class Archive:
    """Saves what there is, and has it opened or replayed by the session.

    The value of `kind` is what to save (``run``, ``study`` or ``comparison``) and the ending of the
    file's name, that of `record` the name of a file in the current folder.
    """

    def __init__(self, results: Results, open_file: Callable[[str], None]) -> None:
        self._results = results
        self._open_file = open_file
        self._busy = False
        self.kind = choice("Save", _NOTHING, "")
        self.record = choice("Open", _NO_RECORDS, "")
        speeds = [(f"{speed} × speed", float(speed)) for speed in SPEEDS]
        self.speed = choice("Replay at", speeds, 1.0)
        self.save = Button("Save", tooltip="Save next to the notebook")
        self.open = Button("Open", tooltip="Show what the file holds")
        self.replay = Button("Replay", tooltip="Show the run, or the runs of the study, once more")
        self.message = Shown(status(""))
        pairs = ((self.kind, self.save), (self.record, self.open), (self.speed, self.replay))
        rows = [widgets.HBox(pair) for pair in pairs]
        self.fold = Fold("Save and open", [*rows, self.message], self.look_around)
        self.fold.content.add_class("swimlanes-archive")
        self.save.on_click(lambda _: self._attempt(self._save))
        self.open.on_click(lambda _: self._attempt(self._open))

    def look_around(self) -> None:
        """Offer the records that are in the current folder now."""
        names = records_in(Path())
        options = [(legible(name), name) for name in names] or _NO_RECORDS
        if list(self.record.options) != options:
            self.record.options = options
        self._refresh()

    def show_results(self) -> None:
        """Offer to save what there is, in the format chosen last."""
        options = [
            (f"{kind.capitalize()}: {label}", (kind, suffix))
            for kind in self._kept()
            for label, suffix in (_OF_A_RUN if kind == "run" else _FORMATS)
        ]
        suffix = self.kind.value[1] if self.kind.value else ""
        self.kind.options = options or _NOTHING
        self.kind.value = next(
            (target for _, target in options if target[1] == suffix), self.kind.options[0][1]
        )
        self._refresh()

    def show_state(self, state: State) -> None:
        """Offer only what makes sense now."""
        self._busy = state.busy
        self._refresh()

    def _attempt(self, do: Callable[[], None]) -> None:
        try:
            do()
        except SwimlanesError as error:
            self.message.value = alert(str(error))

    def _save(self) -> None:
        if not self.kind.value:
            return
        kind, suffix = self.kind.value
        path = free_name(Path(), kind, suffix)
        keep.save(self._kept()[kind], path)
        self.look_around()
        self.message.value = status(f"Saved as {path} next to the notebook.")

    def _open(self) -> None:
        name = self.record.value
        self._open_file(name)
        self.message.value = status(f"Opened {name}.")

    def _kept(self) -> dict[str, Record]:
        """Return what there is, by its kind; what came last comes first."""
        results = self._results
        kept = {"run": results.last_run, "study": results.study, "comparison": results.comparison}
        in_order = sorted(kept.items(), key=lambda pair: pair[1] is not results.latest)
        return {kind: record for kind, record in in_order if record is not None}

    def _refresh(self) -> None:
        self.save.barred = self.open.barred = self.replay.barred = self._busy
        self.save.disabled = not self.kind.value
        self.open.disabled = not self.record.value
        latest = self._results.latest
        self.replay.disabled = latest is None or isinstance(latest, Comparison)


MOST_RECORDS = 100


def free_name(folder: Path, kind: str, suffix: str) -> Path:
    """Return the first of ``swimlanes-KIND-1SUFFIX``, ``-2``, … that does not exist.

    Examples
    --------
    >>> free_name(Path("/no/such/folder"), "run", ".trace.json").name
    'swimlanes-run-1.trace.json'
    """
    number = 1
    while (path := folder / f"swimlanes-{kind}-{number}{suffix}").exists():
        number += 1
    return path


def records_in(folder: Path) -> list[str]:
    """Return the names of the files that may be records, the newest first, 100 at most."""
    files = [file for file in folder.glob("*.json") if _may_be_a_record(file.name)]
    files.sort(key=_changed_at, reverse=True)
    return [file.name for file in files[:MOST_RECORDS]]


def _may_be_a_record(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(".trace.json")


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # gone in the meantime
        return 0.0
