"""What is to be done, whatever the mode: a function and its inputs, of a calibrated length."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from swimlanes import hiding, modes
from swimlanes.brief import shown
from swimlanes.errors import RequestError
from swimlanes.measure.plan import MAX_TASKS, check_whole, is_number, is_whole
from swimlanes.wording import listing
from swimlanes.worker import in_one_line
from swimlanes.workloads import LENGTHS, WORKLOADS, Workload, weights

if TYPE_CHECKING:
    from swimlanes.measure.sending import Parcel

_WRITE_IT_SO = "Write 'module:function' for a module in this folder or one that is installed."
_IMPORTED_BEFORE = (
    "The module was imported before. If the function is new in its file, restart the kernel or "
    "program."
)
MAX_TASK_MS = 60_000.0
MAX_FACTOR = 1000.0
"""Longest task in lengths that are given as factors: at most so many times the task's length."""
MAX_TASK_BYTES = 1 << 40
MAX_WARMUP = 1000


@dataclass(frozen=True)
class Work:
    """What is to be done: the options of `run`, settled.

    Attributes
    ----------
    name : str
        Name of the workload, or of the function.
    task_ms, task_bytes, lengths
        As in `swimlanes.records.Run`.
    size : float or None
        Size of a task whose length factor is 1, in the workload's own steps; None for own
        functions.
    """

    name: str
    function: Callable[[Any], Any]
    inputs: tuple[Any, ...]
    task_ms: float | None = None
    task_bytes: int | None = None
    lengths: str = ""
    size: float | None = None
    initializer: Callable[..., object] | None = None
    initargs: tuple[Any, ...] = ()
    warmup: int = 0

    @cached_property
    def sent_function(self) -> Parcel:
        """The function as it travels, and the initializer with it."""
        with hiding.Told():
            from swimlanes.measure.culprit import sent_function  # slow to import
        return sent_function(self)

    @cached_property
    def sent_inputs(self) -> Parcel:
        """The inputs as they travel."""
        with hiding.Told():
            from swimlanes.measure.culprit import sent_inputs  # slow to import
        return sent_inputs(self.inputs)

    @cached_property
    def function_digest(self) -> str:
        """SHA-256 of the function's code; a function that was changed has another one."""
        code = getattr(self.function, "__code__", None)
        data = self.sent_function.data if code is None else _code_bytes(code)
        return hashlib.sha256(data).hexdigest()

    def check_shared(self, mode: str) -> None:
        """Refuse to share what only processes started by each other can share."""
        kind = modes.of(mode)
        if self.sent_function.shared and not (kind.in_one_process or kind.starts_processes):
            shared = type(self.sent_function.shared[0]).__name__
            raise RequestError(
                f"A {shared} of multiprocessing cannot be shared in the mode {mode!r}. Choose "
                "'processes' or 'threads', or do without it."
            )

    @property
    def module(self) -> ModuleType | None:
        """The module of a function that travels by its name; None for one that travels whole."""
        name = getattr(self.function, "__module__", None)
        return None if self.name in self.sent_function.functions else sys.modules.get(name or "")

    @property
    def own_names(self) -> tuple[str, ...]:
        """What the notebook defined and the work needs: names of functions and classes."""
        parcels = (self.sent_function, self.sent_inputs)
        return tuple(name for sent in parcels for name in (*sent.functions, *sent.classes))

    @property
    def brings_classes(self) -> bool:
        """Whether plain pickle would stumble over the notebook's own classes or inputs."""
        inputs = self.sent_inputs
        return bool(self.sent_function.classes or inputs.classes or inputs.functions)

    @cached_property
    def inputs_digest(self) -> str:
        """SHA-256 of the inputs."""
        return hashlib.sha256(self.sent_inputs.data).hexdigest()

    def repeated(self, times: int) -> Work:
        """Return the same work so many times over."""
        return replace(self, inputs=self.inputs * times)


def _code_bytes(code: CodeType) -> bytes:
    """Return what a function does, whatever file and line it stands in."""
    parts = [code.co_code, repr(code.co_names).encode()]
    for constant in code.co_consts:
        inner = isinstance(constant, CodeType)
        parts.append(_code_bytes(constant) if inner else repr(constant).encode())
    return b"\0".join(parts)


def settled_work(
    workload: str | Callable[[Any], Any],
    inputs: Iterable[Any] | None,
    probe_s: Callable[[str], float],
    *,
    initializer: str | Callable[..., object] | None,
    initargs: Iterable[Any],
    warmup: int,
    **sizes: Any,  # noqa: ANN401 - see `_work`
) -> Work:
    """Check and settle what is to be done.

    ``probe_s(name)`` tells how long a workload's probe takes here, seconds.
    """
    beforehand = _settled_beginning(initializer, initargs, warmup)
    return replace(_work(workload, inputs, probe_s, **sizes), **beforehand)


def _work(
    workload: str | Callable[[Any], Any],
    inputs: Iterable[Any] | None,
    probe_s: Callable[[str], float],
    *,
    tasks: int,
    task_ms: float,
    task_bytes: int,
    lengths: str,
) -> Work:
    """Return the work, without what comes before it."""
    kind = chosen_work(workload, inputs)
    if isinstance(kind, Work):
        return kind
    check_whole("tasks", tasks, MAX_TASKS)
    factors = settled_weights(lengths, int(tasks))
    if kind.in_bytes:
        check_whole("bytes of a task", task_bytes, MAX_TASK_BYTES)
        size = float(task_bytes)
    else:
        check_task_ms(task_ms)
        size = kind.size(float(task_ms) / 1000, probe_s(kind.name) if kind.probe else 0.0)
    return Work(
        name=kind.name,
        function=kind.function,
        inputs=tuple(kind.make_input(task, size * factor) for task, factor in enumerate(factors)),
        task_ms=None if kind.in_bytes else float(task_ms),
        task_bytes=int(task_bytes) if kind.in_bytes else None,
        lengths=lengths,
        size=size,
    )


def chosen_work(
    workload: str | Callable[[Any], Any], inputs: Iterable[Any] | None
) -> Work | Workload:
    """Return the work of one's own function on its inputs, or the workload that a name stands for.

    An iterator is used up: afterwards the inputs are those of the work.
    """
    if callable(workload):
        return _own_work(workload, inputs)
    if not isinstance(workload, str):
        raise RequestError(
            f"A workload is a name or a function, not {shown(workload)}. Give the function itself "
            "without calling it, and then its inputs: function, [1, 2, 3]."
        )
    if ":" in workload:
        return _own_work(find_function(workload), inputs)
    if workload not in WORKLOADS:
        raise RequestError(
            f"There is no workload {shown(workload)}. Choose one of {listing(WORKLOADS)}, or "
            "give a function of your own as 'module:function'."
        )
    if inputs is not None:
        raise RequestError(
            f"Inputs were given, but the workload {workload!r} makes its own. "
            "Leave them out, or give your own function."
        )
    return WORKLOADS[workload]


def find_function(name: str) -> Callable[[Any], Any]:
    """Return the function that ``module:function`` names; modules are also looked for here."""
    module_name, _, function_name = name.partition(":")
    before = module_name in sys.modules
    try:
        if str(Path.cwd()) not in sys.path and "" not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        function: object = import_module(module_name)
        for part in function_name.split("."):
            function = getattr(function, part)
    except (Exception, SystemExit) as error:
        told = in_one_line(error)
        remedy = hiding.told_by(told) or hiding.told_of(module_name)
        remedy = remedy or (_IMPORTED_BEFORE if before else _WRITE_IT_SO)
        raise RequestError(
            f"The function {shown(name)} cannot be imported ({told}). {remedy}"
        ) from error
    if not callable(function):
        raise RequestError(
            f"{shown(name)} is not a function, but of type {type(function).__name__}."
        )
    return function


def settled_weights(lengths: str, tasks: int) -> list[float]:
    """Return the tasks' relative lengths, or refuse what makes none."""
    try:
        factors = weights(lengths, tasks)
    except (ValueError, TypeError, AttributeError):
        factors = []
    if not factors or max(factors) > MAX_FACTOR:
        raise RequestError(
            f"There are no task lengths {shown(lengths)}. Choose {listing(LENGTHS)}, or give "
            f"factors above 0 and up to {MAX_FACTOR:g} separated by commas, such as '1,8,1.5,2'."
        )
    return factors


def check_task_ms(value: object) -> None:
    """Refuse a task length that is not a number of milliseconds in range."""
    if not is_number(value, MAX_TASK_MS):
        raise RequestError(
            f"The task length must be a number of ms above 0 and up to {MAX_TASK_MS:g}, "
            f"not {shown(value)}."
        )


def check_beginning(initializer: object, initargs: object, warmup: object) -> None:
    """Refuse what cannot come before the tasks."""
    if not (initializer is None or isinstance(initializer, str) or callable(initializer)):
        raise RequestError(
            f"The initializer is a function that each worker calls first, not {initializer!r}."
        )
    if not isinstance(initargs, Iterable):
        raise RequestError(
            f"initargs holds the initializer's arguments, such as (1, 2), and is not {initargs!r}."
        )
    if not is_whole(warmup, MAX_WARMUP, least=0):
        raise RequestError(
            f"warmup is how often each worker calls the function before the clock, from 0 to "
            f"{MAX_WARMUP}, not {warmup!r}."
        )


def _settled_beginning(
    initializer: str | Callable[..., object] | None, initargs: Iterable[Any], warmup: int
) -> dict[str, Any]:
    check_beginning(initializer, initargs, warmup)
    call = find_function(initializer) if isinstance(initializer, str) else initializer
    arguments = tuple(initargs)
    if arguments and call is None:
        raise RequestError(
            f"initargs {arguments!r} were given without an initializer. Give the initializer, too, "
            "or leave them out."
        )
    return {"initializer": call, "initargs": arguments, "warmup": int(warmup)}


def name_of(function: object) -> str:
    """Return what a function is called."""
    try:
        name = getattr(function, "__name__", None)
    except Exception:  # an object of somebody's, with a bug
        name = None
    return name if isinstance(name, str) else shown(function)


def _own_work(function: Callable[[Any], Any], inputs: Iterable[Any] | None) -> Work:
    name = name_of(function)
    if inputs is None:
        raise RequestError(
            f"Your own function needs inputs, one for each task. Give them after it: {name}, "
            "[1, 2, 3]."
        )
    return Work(name, function, _settled_inputs(inputs))


def _settled_inputs(inputs: Iterable[Any]) -> tuple[Any, ...]:
    """Return one input for each task: what ``for value in inputs`` gives, as in ``Pool.map``."""
    values: list[Any] = []
    try:
        values.extend(islice(_begun(inputs), MAX_TASKS + 1))
    except RequestError:
        raise
    except Exception as error:
        raise RequestError(
            f"The input of task {len(values)} could not be made: {in_one_line(error).rstrip('.')}. "
            "Correct the code that makes the inputs."
        ) from error
    if len(values) > MAX_TASKS:
        raise RequestError(
            f"There are more than {MAX_TASKS} inputs, or they never end. Give fewer, such as "
            "itertools.islice(inputs, 1000)."
        )
    if not values:
        raise RequestError("There are no inputs. Give at least one: each becomes a task.")
    return tuple(values)


def _begun(inputs: Iterable[Any]) -> Iterator[Any]:
    try:
        return iter(inputs)
    except TypeError as error:
        raise RequestError(
            f"Inputs are a list or the like, one for each task, not {shown(inputs)}."
        ) from error
