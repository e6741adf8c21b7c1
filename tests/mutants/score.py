"""What the mutants came to: a line for each module, then those that no test noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from poodle.data_types import MutantTrial, MutantTrialResult, TestingResults

SURVIVORS = Path("build/mutants/survivors.txt")
WORDS = {
    MutantTrialResult.RC_FOUND: "killed",
    MutantTrialResult.RC_TIMEOUT: "timeout",
    MutantTrialResult.RC_NOT_FOUND: "survived",
    MutantTrialResult.RC_INCOMPLETE: "no program",
}


def report(testing_results: TestingResults, **_) -> None:
    """Print the score; write the survivors into a file, too."""
    trials = testing_results.mutant_trials
    files = sorted({str(trial.mutant.source_file) for trial in trials})
    print(f"\n{'module':<44}{'score':>8}", *(f"{word:>11}" for word in WORDS.values()))
    for file in files:
        print(_line(file, [trial for trial in trials if str(trial.mutant.source_file) == file]))
    print(_line("all", trials))
    survivors = "\n".join(_survivors(trials))
    SURVIVORS.parent.mkdir(parents=True, exist_ok=True)
    SURVIVORS.write_text(f"{survivors}\n")
    print(f"\nNoticed by no test, also in {SURVIVORS}:\n{survivors}")


def _line(name: str, trials: list[MutantTrial]) -> str:
    """Return the score of some mutants; one that hangs is noticed, one that is no program is not
    counted.
    """
    counts = Counter(WORDS[trial.result.reason_code] for trial in trials)
    noticed = counts["killed"] + counts["timeout"]
    score = noticed / (noticed + counts["survived"] or 1)
    columns = "".join(f" {counts[word]:>11}" for word in WORDS.values())
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
