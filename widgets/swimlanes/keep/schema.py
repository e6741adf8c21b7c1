"""The schema of a saved record, made from the records themselves: what each field may hold.

A new field of a record is a new field of its file, which must be there; `swimlanes.keep.older` adds
it to older files.
"""

from __future__ import annotations

from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta

from swimlanes.fitting import one_of
from swimlanes.measure import MAX_TASKS, MAX_WORKERS
from swimlanes.measure.work import MAX_WARMUP
from swimlanes.modes import MODES, SCHEDULES, WATCHED
from swimlanes.records import (
    LONGEST_S,
    Bare,
    Conditions,
    Evidence,
    Lane,
    LeftOut,
    LoadSample,
    LostAttempt,
    Run,
    TaskRecord,
    Timeline,
    Waits,
)
from swimlanes.sheet import TRIP_WORDS


def _whole(least: int, most: int) -> Any:  # noqa: ANN401 - a type
    return Annotated[int, Meta(ge=least, le=most)]


_TASK = Annotated[int, Meta(ge=0, le=MAX_TASKS - 1)]
_CPU = Annotated[int, Meta(ge=0, le=1 << 16)]
_NUMBER = Annotated[float, Meta(ge=0, le=LONGEST_S)]
_COUNT = _whole(0, 1 << 53)  # what JSON's readers agree on
_IN_RANGE = {
    int: _COUNT,
    float: _NUMBER,
    float | None: _NUMBER | None,
    tuple[float, ...]: tuple[_NUMBER, ...],
}
"""The range of the numbers of each type, where `_BY_NAME` has no narrower one."""
_BY_NAME = {
    "mode": one_of((*MODES, WATCHED)),
    "schedule": one_of(SCHEDULES),
    "workers": _whole(1, MAX_WORKERS),
    "threads": _whole(1, MAX_WORKERS),
    "worker": _whole(1, MAX_WORKERS**2),
    "task": _TASK,
    "tasks_count": _whole(1, MAX_TASKS),
    "chunksize": _whole(1, MAX_TASKS),
    "usable_cores": _whole(1, 1 << 16),
    "warmup": _whole(0, MAX_WARMUP),
    "task_bytes": _whole(1, 1 << 53) | None,
    "failed": tuple[_TASK, ...],
    "cpus": tuple[_CPU, ...],
    "trip_s": Annotated[tuple[_NUMBER, ...], Meta(max_length=2 * TRIP_WORDS)],
}
_ELSEWHERE = {"results", "conditions", "timeline", "elapsed_s", "startup_s", "map_s", "wall_time_s"}
"""What a run has, and its file not, or not under the same name."""


def _fields(*records: type) -> dict[str, Any]:
    """Return the type of each field of records, in its range."""
    hints = {name: hint for record in records for name, hint in get_type_hints(record).items()}
    return {name: _BY_NAME.get(name, _IN_RANGE.get(hint, hint)) for name, hint in hints.items()}


def _object(types: dict[str, Any]) -> Any:  # noqa: ANN401 - a type
    """Return the type of an object that has all these fields."""
    return msgspec.defstruct("Object", list(types.items()), kw_only=True)


def _list(type_: Any) -> Any:  # noqa: ANN401 - a type
    return list[type_]


def _columns(types: dict[str, Any]) -> Any:  # noqa: ANN401 - a type
    return _object({name: _list(type_) for name, type_ in types.items()})


_WAITS, _BARE = _object(_fields(Waits)), _object(_fields(Bare))
_PARTS = {
    "tasks": _columns(_fields(TaskRecord) | {"end_s": _NUMBER}),
    "recorded": _object(dict.fromkeys(("startup_s", "map_s", "wall_time_s"), _NUMBER)),
    "evidence": _object(_fields(Evidence) | {"waits": _WAITS, "gaps": _WAITS}),
    "bare": _BARE | None,
    "lanes": _list(_object(_fields(Lane))),
    "lost": _list(_object(_fields(LostAttempt))),
    "core_load": _list(_object(_fields(LoadSample))),
}
_RUN = _object(
    {
        name: type_
        for name, type_ in (_fields(Run, Conditions, Timeline) | _PARTS).items()
        if name not in _ELSEWHERE
    }
)
_STUDY = {"serial_runs": _list(_RUN), "runs": _list(_RUN)}
_REMARKS = {"remarks": list[str]}
_LEFT_OUT = _list(_object(_fields(LeftOut)))
KINDS: dict[str, Any] = {
    "run": _RUN,
    "study": _object(_STUDY | _REMARKS | {"scaling": one_of(("strong", "weak"))}),
    "comparison": _object(
        {"serial_runs": _list(_RUN), "studies": _list(_object(_STUDY)), "left_out": _LEFT_OUT}
        | _REMARKS
    ),
}
