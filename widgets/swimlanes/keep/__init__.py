"""Runs and studies as files: to keep, to open again, and to hand on to other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Literal, TypeVar

from swimlanes import wording
from swimlanes.errors import RequestError
from swimlanes.keep import files, pictures, record, table, trace
from swimlanes.records import Run, ScalingStudy

__all__ = ["check_target", "load", "save"]

# The first that fits counts, so the longer ending comes first.
_OF_RUNS: dict[str, Callable[[Run], bytes]] = {
    ".trace.json": trace.write,
    ".json": record.write,
    ".csv": table.write_tasks,
    ".svg": pictures.write_svg,
    ".png": pictures.write_png,
}
_OF_STUDIES: dict[str, Callable[[ScalingStudy], bytes]] = {
    ".json": record.write,
    ".csv": table.write_runs,
    ".svg": pictures.write_svg,
    ".png": pictures.write_png,
}
_ONLY_RUNS = tuple(_OF_RUNS.keys() - _OF_STUDIES.keys())
Writer = TypeVar("Writer")


def save(what: Run | ScalingStudy, path: str | PathLike[str]) -> None:
    """Save a run or a study; the file's name says how.

    Parameters
    ----------
    what : Run or ScalingStudy
        What to save.
    path : path-like
        ``.json``: the record, which `load` opens again. It holds everything but the results, of
        which it has the digest.
        ``.csv``: a run, one line per task; a study, one line per run.
        ``.trace.json``: a run in Chrome's trace event format, which opens in Perfetto.
        ``.svg``, ``.png``: a run's lanes, a study's speedup. A file that exists is replaced.

    Raises
    ------
    RequestError
        If the name ends in something else, or a study is asked for as a trace.
    SwimlanesError
        If the file cannot be written; then there is no half of it either.

    Examples
    --------
    >>> import tempfile
    >>> from swimlanes import run
    >>> record = run(abs, [-1, 2], mode="threads", workers=2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(record, f"{folder}/record.json")
    ...     load(f"{folder}/record.json") == record
    True
    """
    path = Path(path)
    if isinstance(what, Run):
        files.write_whole(path, _writer(path, _OF_RUNS)(what))
    else:
        files.write_whole(path, _writer(path, _OF_STUDIES)(what))


def load(path: str | PathLike[str]) -> Run | ScalingStudy:
    """Return the run or study that `save` wrote to a ``.json`` file.

    Parameters
    ----------
    path : path-like
        The file; also one that an older version wrote, or what ``swimlanes run --json`` printed.

    Returns
    -------
    Run or ScalingStudy
        Without results.

    Raises
    ------
    SwimlanesError
        If the file cannot be read, is damaged, is no record, or was written by a newer version.
    MixedRunsError, ResultsDifferError
        If the runs of a study do not belong together.
    """
    return record.read(files.read_text(Path(path)), str(path))


def check_target(path: str | PathLike[str], kind: Literal["run", "study"]) -> None:
    """Refuse a file that could not be saved before an hour of measuring, not after.

    Raises
    ------
    RequestError
        If the name ends in something that `save` does not know, or there is no such folder.
    """
    path = Path(path)
    _writer(path, _OF_RUNS if kind == "run" else _OF_STUDIES)
    if not path.absolute().parent.is_dir():
        raise RequestError(f"There is no folder for {str(path)!r}: make the folder first.")


def _writer(path: Path, writers: Mapping[str, Writer]) -> Writer:
    name = path.name.lower()
    if writers is _OF_STUDIES and name.endswith(_ONLY_RUNS):
        raise RequestError(
            f"A trace such as {path.name!r} shows one run, and a study has many: save one of them, "
            "such as study.points[-1].median_run."
        )
    for suffix, writer in writers.items():
        if name.endswith(suffix):
            return writer
    raise RequestError(
        f"The name of the file {path.name!r} must say how to save: let it end in "
        f"{wording.listing(writers)}."
    )
