"""Records of older versions, turned into those of today.

Schema 1 is what ``swimlanes run --json`` printed in version 0.1.0. It had no name yet, one object
per task, and nothing of what came later.
"""

from __future__ import annotations

from typing import Any

from swimlanes.keep.fields import Damaged
from swimlanes.records import TaskRecord

_CAME_LATER: dict[str, Any] = {
    "threads": 1,
    "lengths": "equal",
    "task_bytes": None,
    "schedule": "map",
    "throttled_s": None,
    "core_load": [],
    "printed": "",
}


def is_schema_1(values: object) -> bool:
    """Return whether a file without the name of a format is a run as it was printed."""
    return isinstance(values, dict) and "format" not in values and {"mode", "tasks"} <= set(values)


def from_schema_1(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a run as schema 2 has them.

    Raises
    ------
    Damaged
        If a task lacks a field.
    """
    tasks = values["tasks"]
    try:
        columns = {name: [_field(task, name) for task in tasks] for name in TaskRecord.__slots__}
    except (TypeError, KeyError) as error:
        raise Damaged(f"the tasks do not have the fields of tasks ({error})") from error
    return _CAME_LATER | values | {"kind": "run", "tasks": columns}


def _field(task: dict[str, Any], name: str) -> object:
    return task.get(name) if name == "arrived_s" else task[name]
