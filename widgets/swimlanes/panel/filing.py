"""Files next to the notebook: names that are free, and the records that are there."""

from __future__ import annotations

from pathlib import Path

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
