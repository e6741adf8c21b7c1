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
    files = [file for file in folder.glob("*.json") if not file.name.endswith(".trace.json")]
    files.sort(key=_changed_at, reverse=True)
    return [file.name for file in files[:MOST_RECORDS]]


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # gone in the meantime
        return 0.0
