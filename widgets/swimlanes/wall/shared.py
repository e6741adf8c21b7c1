"""What leaves a lab when somebody presses *Share with the class*: numbers and known names alone.

No name of a person, a computer, a file or a function, no code and nothing printed is in it. Each
field says what it may hold, so what is received is checked by the same words as what is sent.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from swimlanes.brief import cut
from swimlanes.drawing import Guess
from swimlanes.errors import RequestError
from swimlanes.fitting import Unfit, fitted, one_of
from swimlanes.measure import MAX_TASKS, MAX_WORKERS
from swimlanes.modes import MODES, SCHEDULES
from swimlanes.records import LONGEST_S, ScalingPoint, ScalingStudy
from swimlanes.workloads import LENGTHS, WORKLOADS

OWN = "own"
"""In place of names and texts that a participant chose."""
MOST_POINTS = 64
MOST_BYTES = 65_536
"""A record in JSON that is longer is none of ours."""
NO_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON ends with if it is none, or none of the kind that was asked for."""
_DIGITS = 4
_FACTORS = re.compile(r"[0-9.]{1,8}(,[0-9.]{1,8}){0,31}\Z")
_INTERPRETER = re.compile(
    r"[A-Za-z]{1,16} [0-9.]{1,12}([abrc+]{1,2}[0-9]{0,3})?( free-threaded)?\Z"
)

_Lanes = Annotated[int, Meta(ge=1, le=MAX_WORKERS**2)]
_Speedup = Annotated[float, Meta(ge=0, le=1e6)]
_Workers = Annotated[int, Meta(ge=1, le=MAX_WORKERS)]
_Mode = one_of(MODES)


class SharedPoint(Struct, frozen=True, forbid_unknown_fields=True):
    """The speedup of one number of workers: median, lowest and highest, and what was possible."""

    workers: _Workers
    lanes: _Lanes
    speedup: _Speedup
    low: _Speedup
    high: _Speedup
    possible: _Speedup
    disturbed: bool

    @property
    def speedup_spread(self) -> tuple[float, float]:
        """Lowest and highest speedup, as a `ScalingPoint` has them."""
        return self.low, self.high

    def __post_init__(self) -> None:
        """Refuse a median that lies beyond the lowest and the highest."""
        if not self.low <= self.speedup <= self.high:
            raise ValueError(f"{self.speedup} does not lie from {self.low} to {self.high}")


class SharedStudy(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="study"):
    """A scaling study without anything that tells whose it is.

    The fields have the names and the meaning of those of a `ScalingStudy` and of its runs; `cores`
    are the usable ones.
    """

    scaling: Literal["strong", "weak"]
    workload: one_of((*WORKLOADS, OWN))  # type: ignore[valid-type]
    mode: _Mode  # type: ignore[valid-type]
    tasks_count: Annotated[int, Meta(ge=1, le=MAX_TASKS)]
    task_ms: Annotated[float, Meta(ge=0, le=LONGEST_S)] | None
    lengths: Annotated[str, Meta(pattern=rf"^({'|'.join(LENGTHS)}|{OWN}|{_FACTORS.pattern})\Z")]
    task_bytes: Annotated[int, Meta(ge=1, le=1 << 53)] | None
    schedule: one_of(SCHEDULES)  # type: ignore[valid-type]
    cores: Annotated[int, Meta(ge=1, le=1 << 16)]
    interpreter: Annotated[str, Meta(pattern=rf"^({OWN}|{_INTERPRETER.pattern})\Z")]
    serial_s: Annotated[float, Meta(gt=0, le=LONGEST_S)]
    fair: bool
    points: Annotated[tuple[SharedPoint, ...], Meta(min_length=1, max_length=MOST_POINTS)]

    def __post_init__(self) -> None:
        """Refuse points that are not in order of their workers."""
        workers = [point.workers for point in self.points]
        if any(one >= other for one, other in itertools.pairwise(workers)):
            raise ValueError(f"the numbers of workers {workers} do not ascend")


class SharedGuess(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="guess"):
    """The speedup that somebody expects of a mode with so many workers."""

    mode: _Mode  # type: ignore[valid-type]
    workers: _Workers
    speedup: _Speedup


Shared = SharedStudy | SharedGuess
"""What can be shared."""


def share_of(record: ScalingStudy | Guess) -> Shared:
    """Return what a class may know of a study or of a guess.

    Raises
    ------
    RequestError
        If there is nothing to be shown yet, or if the record is none that was measured here.
    """
    shared = _guess(record) if isinstance(record, Guess) else _study(record)
    # A number of cores is an `int` that knows more than its value, which stays here.
    return _checked(msgspec.to_builtins(shared, enc_hook=int))


def rows_of(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield what will be sent, field by field, for its owner: each name with its value.

    Examples
    --------
    >>> list(rows_of(SharedGuess("threads", 4, 3.5)))
    [('kind', 'guess'), ('mode', 'threads'), ('workers', '4'), ('speedup', '3.5')]
    """
    for name, value in msgspec.to_builtins(shared).items():
        if name == "points":
            for number, point in enumerate(value, start=1):
                told = (f"{key.replace('_', ' ')} {_told(part)}" for key, part in point.items())
                yield f"point {number}", ", ".join(told)
        else:
            yield name.replace("_", " "), _told(value)


def encoded(shared: Shared) -> bytes:
    """Return what is sent, as JSON."""
    return msgspec.json.encode(shared)


def decoded(text: bytes) -> Shared:
    """Return what was sent, or refuse it in one sentence that names the place.

    Raises
    ------
    RequestError
        If it is no JSON, too long, or not all that a record has to be and nothing else.
    """
    if len(text) > MOST_BYTES:
        raise RequestError(f"A record has at most {MOST_BYTES} bytes, and this has {len(text)}.")
    try:
        values = msgspec.json.decode(text)
    except NO_JSON as error:
        raise RequestError(f"What was sent is no JSON ({cut(str(error))}).") from error
    return _checked(values)


def _checked(values: object) -> Shared:
    try:
        shared: Shared = fitted(values, Shared)
    except Unfit as error:
        raise RequestError(f"This cannot be shared: {cut(str(error)).rstrip('.')}.") from error
    return shared


def _guess(guess: Guess) -> SharedGuess:
    return SharedGuess(guess.mode, guess.workers, round(guess.speedup, _DIGITS))


def _study(study: ScalingStudy) -> SharedStudy:
    if not study.points:
        raise RequestError("There is no curve to share yet: press Sweep first.")
    serial = study.serial_runs[0]
    own = not serial.lengths or study.workload not in WORKLOADS
    return SharedStudy(
        scaling=study.scaling,
        workload=OWN if own else study.workload,
        mode=study.mode,
        tasks_count=study.tasks_count,
        task_ms=serial.task_ms,
        lengths=_lengths(serial.lengths),
        task_bytes=serial.task_bytes,
        schedule=serial.schedule,
        cores=study.usable_cores,
        interpreter=_known(serial.conditions.interpreter, _INTERPRETER),
        serial_s=round(study.serial_s, 6),
        fair=study.fair,
        points=tuple(map(_point, study.points[:MOST_POINTS])),
    )


def _point(point: ScalingPoint) -> SharedPoint:
    low, high = point.speedup_spread
    return SharedPoint(
        workers=point.workers,
        lanes=point.lanes,
        speedup=round(point.speedup, _DIGITS),
        low=round(low, _DIGITS),
        high=round(high, _DIGITS),
        possible=round(point.ceiling, _DIGITS),
        disturbed=point.disturbed,
    )


def _lengths(lengths: str) -> str:
    return lengths if lengths in LENGTHS else _known(lengths.replace(" ", ""), _FACTORS)


def _known(text: str, pattern: re.Pattern[str]) -> str:
    return text if pattern.match(text) else OWN


def _told(value: Any) -> str:  # noqa: ANN401 - a number, a text, a truth
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not chosen" if value is None else f"{value}"
