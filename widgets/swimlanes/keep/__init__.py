"""What was measured as files: to keep, to open again, and to hand on to other programs."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from swimlanes import wording
from swimlanes.brief import quoted, shown
from swimlanes.errors import RequestError
from swimlanes.figures import Figure
from swimlanes.keep import files, pictures, record, table, trace
from swimlanes.keep.record import Kind
from swimlanes.records import Comparison, Run, ScalingStudy

__all__ = ["check_target", "load", "save"]

_PICTURES: dict[str, Callable[[Any], bytes]] = {
    ".svg": pictures.write_svg,
    ".png": pictures.write_png,
}
# The first that fits counts, so the longer ending comes first.
_WRITERS: dict[Kind, dict[str, Callable[[Any], bytes]]] = {
    "run": {
        ".trace.json": trace.write,
        ".json": record.write,
        ".csv": table.write_tasks,
        **_PICTURES,
    },
    "study": {".json": record.write, ".csv": table.write_runs, **_PICTURES},
    "comparison": {".json": record.write, ".csv": table.write_ways, **_PICTURES},
    "figure": _PICTURES,
}
_ONLY_RUNS = tuple(_WRITERS["run"].keys() - _WRITERS["study"].keys())


def save(what: Run | ScalingStudy | Comparison | Figure, path: str | PathLike[str]) -> None:
    """Save a run, a study, a comparison or a figure; the file's name says how.

    Parameters
    ----------
    what : Run, ScalingStudy, Comparison or Figure
        What to save; a figure is one of `swimlanes.figures`.
    path : path-like
        ``.json``: the record, which `load` opens again. It holds everything but the results, of
        which it has the digest.
        ``.csv``: a run, one line per task; a study or a comparison, one line per run.
        ``.trace.json``: a run in Chrome's trace event format, which opens in Perfetto.
        ``.svg``, ``.png``: a figure, or a run's lanes, a study's speedup, a comparison's curves.

        A file that exists is replaced.

    Raises
    ------
    RequestError
        If the name ends in something else, or anything but a run is asked for as a trace.
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
    kind, path = _kind(what), files.as_path(path)
    files.write_whole(path, _writer(path, kind)(what))


def load(path: str | PathLike[str]) -> Run | ScalingStudy | Comparison:
    """Return the run, study or comparison that `save` wrote to a ``.json`` file.

    Parameters
    ----------
    path : path-like
        The file; also one that an older version wrote, or what ``swimlanes run --json`` printed.

    Returns
    -------
    Run, ScalingStudy or Comparison
        Without results.

    Raises
    ------
    SwimlanesError
        If the file cannot be read, is damaged, is no record, or was written by a newer version.
    MixedRunsError
        If the runs of a study do not belong together.
    """
    path = files.as_path(path)
    return record.read(files.read_text(path), str(path))


def check_target(path: str | PathLike[str], kind: Kind) -> None:
    """Refuse a file that could not be saved before an hour of measuring, not after.

    Raises
    ------
    RequestError
        If the name ends in something that `save` does not know, or there is no such folder.
    SwimlanesError
        If there is something that a file cannot take the place of, such as a pipe.
    """
    path = files.as_path(path)
    _writer(path, kind)
    if not path.absolute().parent.is_dir():
        raise RequestError(f"There is no folder for {quoted(str(path))}: make the folder first.")
    files.check_replaceable(path)


def _kind(what: object) -> Kind:
    kinds: dict[Kind, type] = {**record.KINDS, "figure": Figure}
    for kind, type_ in kinds.items():
        if isinstance(what, type_):
            return kind
    raise RequestError(
        "Only a figure, or a run, a study or a comparison that has ended, can be saved, not "
        f"{shown(what)}."
    )


def _writer(path: Path, kind: Kind) -> Callable[[Any], bytes]:
    writers, name = _WRITERS[kind], path.name.lower()
    if kind in ("study", "comparison") and name.endswith(_ONLY_RUNS):
        raise RequestError(
            f"A trace such as {quoted(path.name)} shows one run, and a {kind} has many: save "
            "one of them, such as study.points[-1].median_run."
        )
    for suffix, writer in writers.items():
        if name.endswith(suffix):
            return writer
    raise RequestError(
        f"The name of the file {quoted(path.name)} must say how to save: let it end in "
        f"{wording.listing(writers)}."
    )
