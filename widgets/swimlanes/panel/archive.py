"""The fold *Save and open*: what to save, which record to open, how fast to replay."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets

from swimlanes.markup import legible
from swimlanes.panel.folds import Fold
from swimlanes.panel.messages import alert, status
from swimlanes.panel.named import choice
from swimlanes.panel.results import Record, Results
from swimlanes.panel.state import State
from swimlanes.records import Comparison
from swimlanes.shown import Shown

_KINDS = (
    ("data (JSON), can be opened again", ".json"),
    ("data (CSV)", ".csv"),
    ("picture (SVG)", ".svg"),
    ("picture (PNG)", ".png"),
)
_TRACE = ("trace (for Perfetto)", ".trace.json")
_NOTHING = [("nothing measured yet", "")]
_NO_RECORDS = [("no records here", "")]
SPEEDS = (1, 2, 5, 20)

Target = tuple[str, str]


class Archive:
    """What there is to save and to open. It reads names only; the panel does the rest.

    Attributes
    ----------
    kind : Dropdown
        What to save, as (``run``, ``study`` or ``comparison``, ending of the file's name).
    record : Dropdown
        Which file of the current folder to open.
    speed : Dropdown
        How many times as fast a replay is.
    save, open, replay : Button
        Do it.
    fold : Fold
        Shows all of them.
    """

    def __init__(self) -> None:
        self._results = Results()
        self._state = State()
        self.kind = choice("Save", _NOTHING, "")
        self.record = choice("Open", _NO_RECORDS, "")
        speeds = [(f"{speed} × speed", float(speed)) for speed in SPEEDS]
        self.speed = choice("Replay at", speeds, 1.0)
        self.save = widgets.Button(description="Save", tooltip="Save next to the notebook")
        self.open = widgets.Button(description="Open", tooltip="Show what the file holds")
        self.replay = widgets.Button(
            description="Replay", tooltip="Show the run, or the runs of the study, once more"
        )
        self.message = Shown(status(""))
        pairs = ((self.kind, self.save), (self.record, self.open), (self.speed, self.replay))
        self.rows = [widgets.HBox(pair) for pair in pairs]
        self.fold = Fold("Save and open", [*self.rows, self.message], self.look_around)
        self.fold.content.add_class("swimlanes-archive")
        self._refresh()

    def look_around(self) -> None:
        """Offer the records that are in the current folder now."""
        names = records_in(Path())
        options = [(legible(name), name) for name in names] or _NO_RECORDS
        if list(self.record.options) != options:
            self.record.options = options
        self._refresh()

    def show_results(self, results: Results) -> None:
        """Offer to save what there is; what came last comes first, in the format chosen last."""
        self._results = results
        kept = [(word.capitalize(), what) for word, what in self._kept().items()]
        kept.sort(key=lambda pair: pair[1] is not results.latest)
        options = [entry for word, what in kept if what is not None for entry in _entries(word)]
        suffix = self.kind.value[1] if self.kind.value else ""
        self.kind.options = options or _NOTHING
        self.kind.value = next(
            (target for _, target in options if target[1] == suffix), self.kind.options[0][1]
        )
        self._refresh()

    def show_state(self, state: State) -> None:
        """Offer only what makes sense now."""
        self._state = state
        self._refresh()

    def chosen(self) -> tuple[Record, Target] | None:
        """Return what is to be saved, and as what; None while there is nothing."""
        if not self.kind.value:
            return None
        word, _ = self.kind.value
        what = self._kept()[word]
        return None if what is None else (what, self.kind.value)

    def say(self, sentence: str) -> None:
        """Tell what was done."""
        self.message.value = status(sentence)

    def complain(self, sentence: str) -> None:
        """Tell what could not be done."""
        self.message.value = alert(sentence)

    def _kept(self) -> dict[str, Record | None]:
        results = self._results
        return {"run": results.last_run, "study": results.study, "comparison": results.comparison}

    def _refresh(self) -> None:
        self.save.disabled = self._state.busy or not self.kind.value
        self.open.disabled = self._state.busy or not self.record.value
        latest = self._results.latest
        nothing = latest is None or isinstance(latest, Comparison)
        self.replay.disabled = self._state.busy or nothing


def _entries(word: str) -> list[tuple[str, Target]]:
    kinds = (*_KINDS, _TRACE) if word == "Run" else _KINDS
    return [(f"{word}: {label}", (word.lower(), suffix)) for label, suffix in kinds]


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
