"""What the mutants came to: a line for each module, then those that no test noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from poodle.data_types import MutantTrial, MutantTrialResult, TestingResults

REPORT = Path("build/mutants/report.txt")
WORDS = {
    MutantTrialResult.RC_FOUND: "killed",
    MutantTrialResult.RC_TIMEOUT: "timeout",
    MutantTrialResult.RC_NOT_FOUND: "survived",
    MutantTrialResult.RC_INCOMPLETE: "no program",
}


def report(testing_results: TestingResults, **_) -> None:
    """Print what the mutants came to; write it into a file, too."""
    told = "\n".join(_lines(testing_results.mutant_trials))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(f"{told}\n")
    print(f"\n{told}\n\nThis is also in {REPORT}.")


def _lines(trials: list[MutantTrial]) -> Iterator[str]:
    yield f"{'module':<44}{'score':>8}{''.join(f'{word:>12}' for word in WORDS.values())}"
    by_file = groupby(sorted(trials, key=_file), key=_file)
    yield from (_line(file, list(trials_of)) for file, trials_of in by_file)
    yield _line("all", trials)
    yield "\nNoticed by no test:"
    yield from _survivors(trials)


def _file(trial: MutantTrial) -> str:
    return str(trial.mutant.source_file)


def _line(name: str, trials: list[MutantTrial]) -> str:
    """Return the score of some mutants: one that hangs is noticed, no program does not count."""
    counts = Counter(WORDS[trial.result.reason_code] for trial in trials)
    noticed = counts["killed"] + counts["timeout"]
    score = noticed / (noticed + counts["survived"] or 1)
    columns = "".join(f"{counts[word]:>12}" for word in WORDS.values())
    return f"{name.removeprefix('widgets/swimlanes/'):<44}{score:>8.1%}{columns}"


def _survivors(trials: list[MutantTrial]) -> Iterator[str]:
    for trial in trials:
        if trial.result.reason_code == MutantTrialResult.RC_NOT_FOUND:
            mutant = trial.mutant
            yield f"{mutant.source_file}:{mutant.lineno} {mutant.mutator_name}"
            yield from _changes(mutant.unified_diff or "")


def _changes(diff: str) -> Iterator[str]:
    """Yield the lines of a diff that were taken away and added."""
    for line in diff.splitlines():
        if line.startswith(("-", "+")) and not line.startswith(("---", "+++")):
            yield f"    {line}"
