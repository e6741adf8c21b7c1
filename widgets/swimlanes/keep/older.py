"""Records of older versions, turned into those of today.

Schema 1 is what ``swimlanes run --json`` printed in version 0.1.0. It had no name yet, one object
per task, and nothing of what came later. Schema 2 knew no clusters.
"""

from __future__ import annotations

from typing import Any

from swimlanes.keep.fields import Damaged

_SINCE_2: dict[str, Any] = {
    "threads": 1,
    "lengths": "equal",
    "task_bytes": None,
    "schedule": "map",
    "throttled_s": None,
    "core_load": [],
    "printed": "",
}
_OF_A_TASK = ("task", "worker", "start_s", "end_s", "cpu_s", "waiting_s")
_MAY_BE_MISSING = {"arrived_s": None, "transfer_s": 0.0}


def is_schema_1(values: object) -> bool:
    """Return whether a file without the name of a format is a run as it was printed."""
    return isinstance(values, dict) and "format" not in values and {"mode", "tasks"} <= set(values)


def brought_up_to_date(values: dict[str, Any], schema: int) -> dict[str, Any]:
    """Return a record's values as today's schema has them.

    Raises
    ------
    Damaged
        If something lacks that the older schema had.
    """
    if schema == 1:
        values = _from_schema_1(values)
    return _from_schema_2(values) if schema < 3 else values


def _from_schema_1(values: dict[str, Any]) -> dict[str, Any]:
    tasks = values["tasks"]
    try:
        columns = {name: [task[name] for task in tasks] for name in _OF_A_TASK}
        for name, default in _MAY_BE_MISSING.items():
            columns[name] = [task.get(name, default) for task in tasks]
    except (TypeError, KeyError) as error:
        raise Damaged(f"the tasks do not have the fields of tasks ({error})") from error
    return _SINCE_2 | values | {"kind": "run", "tasks": columns}


def _from_schema_2(values: dict[str, Any]) -> dict[str, Any]:
    """Return a run or study with what only clusters have, empty."""
    try:
        if "runs" in values:
            runs = ("serial_runs", "runs")
            return values | {name: [_from_schema_2(run) for run in values[name]] for name in runs}
        if "tasks" not in values:
            return values  # which is found out later
        tasks = {"transfer_s": [0.0 for _ in values["tasks"]["task"]]} | values["tasks"]
        lanes = [{"name": "", "clock_error_s": 0.0} | lane for lane in values["lanes"]]
    except (TypeError, KeyError) as error:
        raise Damaged(f"a run does not have the fields of a run ({error})") from error
    return {"lost": []} | values | {"tasks": tasks, "lanes": lanes}
