"""The record as JSON: what `save` writes and `load` opens again.

The fields are those of ``Run.to_dict()``, but for the tasks, which stand in columns: a hundred
thousand of them take 6 MB. ``schema`` counts up when a field changes its meaning or a new one is
needed; `swimlanes.keep.older` turns the values of older files into those of today.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from swimlanes import __version__
from swimlanes.brief import cut, quoted, shown
from swimlanes.errors import SwimlanesError
from swimlanes.fitting import Unfit
from swimlanes.keep import older
from swimlanes.keep.rebuild import rebuild
from swimlanes.records import Comparison, Run, ScalingStudy, TaskRecord

FORMAT, SCHEMA = "swimlanes", 4


def write(what: Run | ScalingStudy | Comparison) -> bytes:
    """Return the record of a run, a study or a comparison as JSON."""
    kind, values = _values(what)
    head = {"format": FORMAT, "schema": SCHEMA, "kind": kind, "version": __version__}
    text = json.dumps(head | values, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode(errors="backslashreplace")  # half a character is written as JSON does it


def read(text: str, source: str) -> Run | ScalingStudy | Comparison:
    """Return what a record tells of; `source` names it in the sentence if that fails."""
    values = _parsed(text, source)
    schema = _schema(values, source)
    if schema > SCHEMA:
        raise SwimlanesError(
            f"The record {quoted(source)} has schema {shown(schema)}, and this is Swimlanes "
            f"{__version__}, which reads up to {SCHEMA}. Install a newer version to open it."
        )
    try:
        return rebuild(older.brought_up_to_date(values, schema))
    except SwimlanesError:
        raise
    except (Unfit, ValueError) as error:
        raise SwimlanesError(
            f"The record {quoted(source)} is damaged: {cut(str(error)).rstrip('.')}. Save it again."
        ) from error


def _parsed(text: str, source: str) -> Any:  # noqa: ANN401 - a file can hold anything
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SwimlanesError(
            f"The record {quoted(source)} cannot be read: it is no JSON, or not all of it "
            f"({cut(str(error))}). Save the run or study again."
        ) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _schema(values: object, source: str) -> int:
    """Return the schema of a record, or refuse what is none."""
    if older.is_schema_1(values):
        return 1
    if isinstance(values, dict) and values.get("format") == FORMAT:
        schema = values.get("schema")
        if isinstance(schema, int) and schema > 1:
            return schema
    raise SwimlanesError(
        f"The file {quoted(source)} is no record of a run or a study. Give a .json file that was "
        "saved, or what `swimlanes run --json` printed."
    )


def _values(what: Run | ScalingStudy | Comparison) -> tuple[str, dict[str, Any]]:
    if isinstance(what, Run):
        return "run", _run_values(what)
    if isinstance(what, ScalingStudy):
        return "study", _study_values(what)
    return "comparison", _comparison_values(what)


def _run_values(run: Run) -> dict[str, Any]:
    return run.to_dict() | {
        "tasks": _columns(run),
        "printed": run.printed,
        "remarks": list(run.remarks),
    }


def _columns(run: Run) -> dict[str, list[Any]]:
    tasks = list(run.tasks)
    return {name: [getattr(task, name) for task in tasks] for name in TaskRecord.__slots__}


def _study_values(study: ScalingStudy) -> dict[str, Any]:
    return {
        "scaling": study.scaling,
        "serial_runs": [_run_values(run) for run in study.serial_runs],
        "runs": [_run_values(run) for run in study.runs],
        "remarks": list(study.remarks),
    }


def _comparison_values(comparison: Comparison) -> dict[str, Any]:
    return {
        "serial_runs": [_run_values(run) for run in comparison.serial_runs],
        "studies": [_way_values(comparison, study) for study in comparison.studies],
        "left_out": [entry._asdict() for entry in comparison.left_out],
        "remarks": list(comparison.remarks),
    }


def _way_values(comparison: Comparison, study: ScalingStudy) -> dict[str, Any]:
    """Return a study's runs; the serial ones only where they are not the common ones."""
    own = () if study.serial_runs == comparison.serial_runs else study.serial_runs
    return {
        "serial_runs": [_run_values(run) for run in own],
        "runs": [_run_values(run) for run in study.runs],
    }
