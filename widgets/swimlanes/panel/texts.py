"""The folds *Code for this run* and *As a table*: written when they are open, not before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from swimlanes import drawing
from swimlanes.drawing.words import workers_of
from swimlanes.markup import join, markup, short
from swimlanes.measure import Plan, Work
from swimlanes.panel.folds import Fold
from swimlanes.panel.results import Results, cpus_of, last_run_of
from swimlanes.plain import plain_code
from swimlanes.shown import Shown

_HOW = "One click selects all of it, to be copied into a cell or a script."


class Code:
    """Plain Python that does what the panel did last, or would do now."""

    def __init__(self, on_open: Callable[[], None]) -> None:
        self.text = Shown()
        self.fold = Fold("Code for this run", [self.text], on_open)

    def write(self, work: Work, plan: Plan, when: str) -> None:
        """Write the code for this work, done in this way."""
        who = workers_of(plan.mode, plan.workers, plan.threads).lower()
        caption = f"{when}: {short(work.name)}, {len(work.inputs)} tasks, {who}. {_HOW}"
        self.text.value = markup(
            '<figure class="swimlanes-code"><figcaption>{}</figcaption>'
            '<pre tabindex="0" role="region" aria-label="Code for this run">{}</pre></figure>',
            caption,
            plain_code(work, plan),
        )


class Tables:
    """Everything that is drawn, as tables; `cpus` are the ids of the usable cores."""

    def __init__(self, results: Results, cpus: Sequence[int]) -> None:
        self._results = results
        self._cpus = cpus
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
            load = [drawing.load_table(run.timeline, cpus)] if run.timeline.core_load else []
            of_run = [drawing.run_table(run), *load]
            shown = [*of_run, *shown] if latest is run else [*shown, *of_run]
        self.text.value = join(shown) or markup("<p>Run or sweep to have something to list.</p>")
