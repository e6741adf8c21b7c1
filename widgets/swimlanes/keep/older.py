"""Records of older versions, turned into those of today.

Schema 1 is what ``swimlanes run --json`` printed in version 0.1.0. It had no name yet, one object
per task, and nothing of what came later. Schema 2 knew no clusters, schema 3 no evidence, no
warm-up, and no remarks, for runs whose results differed made no study. In schema 4 all lanes were
there all the time. Schema 5 told neither which tasks
failed nor the ids of the cores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from swimlanes.fitting import Unfit

_SINCE_2: dict[str, Any] = {
    "threads": 1,
    "lengths": "equal",
    "task_bytes": None,
    "schedule": "map",
    "throttled_s": None,
    "core_load": [],
    "printed": "",
}
_NO_EVIDENCE = {
    "others_error": None,
    "inner_cpu_s": None,
    "record_cost_s": 0.0,
    "input_bytes": 0,
    "result_bytes": 0,
    "waits": {"gil": 0, "lock": 0, "other": 0},
    "gaps": {"gil": 0, "lock": 0, "other": 0},
}
_OF_A_TASK = ("task", "worker", "start_s", "end_s", "cpu_s", "waiting_s")
_MAY_BE_MISSING = {"arrived_s": None, "transfer_s": 0.0}


def is_schema_1(values: object) -> bool:
    """Return whether a file without the name of a format is a run as it was printed."""
    return isinstance(values, dict) and "format" not in values and {"mode", "tasks"} <= set(values)


def brought_up_to_date(values: dict[str, Any], schema: int) -> dict[str, Any]:
    """Return a record's values as today's schema has them, or refuse them as `Unfit`."""
    if schema == 1:
        values = _from_schema_1(values)
    if schema < 3:
        values = _in_every_run(values, _from_schema_2)
    if schema < 4:
        values = {"remarks": []} | _in_every_run(values, _from_schema_3)
    if schema < 5:
        values = _in_every_run(values, _from_schema_4)
    if schema < 6:
        values = _in_every_run(values, lambda run: {"failed": [], "cpus": []} | run)
    return values


def _from_schema_1(values: dict[str, Any]) -> dict[str, Any]:
    tasks = values["tasks"]
    try:
        columns = {name: [task[name] for task in tasks] for name in _OF_A_TASK}
        for name, default in _MAY_BE_MISSING.items():
            columns[name] = [task.get(name, default) for task in tasks]
    except (TypeError, KeyError) as error:
        raise Unfit(f"the tasks do not have the fields of tasks ({error})") from error
    return _SINCE_2 | values | {"kind": "run", "tasks": columns}


def _in_every_run(
    values: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Return a run, study or comparison with a change made in each run."""
    try:
        if "tasks" in values:
            return change(values)
        lists = [name for name in ("serial_runs", "runs", "studies") if name in values]
        return values | {
            name: [_in_every_run(part, change) for part in values[name]] for name in lists
        }
    except (TypeError, KeyError) as error:
        raise Unfit(f"a run does not have the fields of a run ({error})") from error


def _from_schema_2(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run with what only clusters have, empty."""
    tasks = {"transfer_s": [0.0 for _ in run["tasks"]["task"]]} | run["tasks"]
    lanes = [{"name": "", "clock_error_s": 0.0} | lane for lane in run["lanes"]]
    return {"lost": []} | run | {"tasks": tasks, "lanes": lanes}


def _from_schema_3(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run without evidence or warm-up; the load was told without its error."""
    tasks = {"trip_s": [[] for _ in run["tasks"]["task"]]} | run["tasks"]
    lanes = [{"warmup_start_s": 0.0, "warmup_end_s": 0.0} | lane for lane in run["lanes"]]
    recorded = {name: run[name] for name in ("startup_s", "map_s", "wall_time_s")}
    since_4 = {
        "evidence": _NO_EVIDENCE,
        "bare": None,
        "recorded": recorded,
        "settings": "",
        "function_digest": "",
        "warmup": 0,
        "warmup_s": 0.0,
    }
    return since_4 | run | {"tasks": tasks, "lanes": lanes}


def _from_schema_4(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run whose lanes were all there from its beginning to its end.

    Schema 4 began without remarks.
    """
    lanes = [{"asked_s": 0.0, "gone_s": None} | lane for lane in run["lanes"]]
    return {"remarks": []} | run | {"lanes": lanes}
