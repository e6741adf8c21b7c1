"""The options of a run, a study, a comparison and the panel: each stands here, and nowhere else.

A `TypedDict` names them for type checkers and says what they mean. From it, `takes` gives a
function its signature, defaults and documentation, and the command line makes its options.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Literal, NamedTuple, TypedDict, TypeVar, get_type_hints

from swimlanes.errors import CallError

Taker = TypeVar("Taker", bound=Callable[..., Any])

# An entry in a docstring: a name, its type, and indented lines.
_ENTRY = re.compile(r"^(\w+) : (.+)\n((?:    .+\n?)+)", re.MULTILINE)

DEFAULTS: Mapping[str, Any] = {
    "mode": "processes",
    "workers": None,
    "max_workers": None,
    "threads": None,
    "tasks": 16,
    "task_ms": 50.0,
    "task_bytes": 1_000_000,
    "lengths": "equal",
    "schedule": "map",
    "chunksize": None,
    "start_method": None,
    "limit_s": None,
    "cluster": None,
    "initializer": None,
    "initargs": (),
    "warmup": 0,
    "repeats": 5,
    "scaling": "strong",
    "spread": None,
    "check_results": True,
    "predict": False,
    "level": "modes",
}
"""The value of each option that is left out, in the order in which the options are listed."""


class WorkOptions(TypedDict, total=False):
    """The work, beside the function and its inputs.

    tasks : int
        Number of tasks of a named workload, 1 to 1 000 000.
    task_ms : float
        Length of each task of a named workload, ms of serial work on this machine.
    task_bytes : int
        Size of each task of ``payload`` and ``memory``, bytes.
    lengths : str
        ``equal``, ``ramp-up``, ``ramp-down``, ``random``, or factors of the task's length or
        size such as ``1,8,1.5,2``.
    initializer : callable, optional
        What each worker calls first, as in ``multiprocessing.Pool``: each process, each thread of
        ``threads`` and ``free-threaded``, each subinterpreter, each Dask worker; in ``nested`` each
        process, before it has its threads; in ``serial`` the one worker, before the clock. The
        function itself, or ``module:function``.
    initargs : iterable
        Arguments of the initializer. Locks, events, values and arrays of ``multiprocessing`` may be
        among them: the workers share new ones, and at the end of the run your values and arrays
        hold what the workers wrote into theirs.
    warmup : int
        How often each worker calls the function before the clock, 0 to 1000, on the first inputs.
        When all workers are ready, all of them warm up. When all are done, ``map`` is called. This
        time is recorded separately and is no part of the run's times.
    """

    tasks: int
    task_ms: float
    task_bytes: int
    lengths: str
    initializer: str | Callable[..., object] | None
    initargs: Iterable[Any]
    warmup: int


class ScheduleOptions(TypedDict, total=False):
    """How tasks are handed out, in any mode.

    schedule : str
        ``map``, ``imap`` or ``imap_unordered``.
    chunksize : int, optional
        Tasks that a worker takes at a time; the default is that of ``Pool.map``, and 1 for the
        other schedules.
    limit_s : float, optional
        How long a task may run, seconds, from 0.001; a task that takes longer ends the run. So does
        an initializer, or a call of the warm-up.
    cluster : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.2:8786``, for the mode ``cluster``; the
        default is the setting ``SWIMLANES_CLUSTER``. Without an address, or if it is empty, a
        cluster is started here and ended again.
    """

    schedule: str
    chunksize: int | None
    limit_s: float | None
    cluster: str | None


class PoolOptions(ScheduleOptions, total=False):
    """How a pool works, whatever its mode and its size.

    threads : int, optional
        Threads of each worker, for ``nested``; the default is 2.
    start_method : str, optional
        ``fork``, ``forkserver`` or ``spawn``; the default is Python's.
    """

    threads: int | None
    start_method: str | None


class WayOptions(PoolOptions, total=False):
    """How the work is done, except for the number of workers.

    mode : str
        ``serial`` (the builtin ``map``), ``threads`` (``ThreadPool``), ``processes`` (``Pool``),
        ``nested`` (processes that each have threads), ``free-threaded`` (threads of a Python
        without the GIL), ``interpreters`` (subinterpreters) or ``cluster`` (Dask workers).
    """

    mode: str


class RunOptions(WayOptions, WorkOptions, total=False):
    """What `swimlanes.run` takes.

    workers : int, optional
        Number of workers, 1 to 256; by default as many as there are usable cores.
    """

    workers: int | None


class RepeatOptions(TypedDict, total=False):
    """How often runs are repeated.

    repeats : int
        Repetitions of every run, 1 to 1000.
    check_results : bool
        Whether to compare what the runs returned. A difference is reported once, in the record's
        ``remarks`` and as a warning in Python's log; the measuring goes on.
    """

    repeats: int
    check_results: bool


class StudyOptions(WayOptions, WorkOptions, RepeatOptions, total=False):
    """What `swimlanes.study` takes: any mode except ``serial``, which has only one worker.

    max_workers : int, optional
        Largest number of workers, 1 to 256; by default three more than there are usable cores.
        Up to 32, every number is tried; above 32, only some.
    scaling : str
        ``strong``, the same work for every number of workers, or ``weak``, n times the work for n
        workers.
    spread : float, optional
        End early when, after at least five repetitions, the middle half of the wall times of
        every run lies within this share of their median, for example 0.02.
    """

    max_workers: int | None
    scaling: Literal["strong", "weak"]
    spread: float | None


class ComparisonOptions(ScheduleOptions, WorkOptions, RepeatOptions, total=False):
    """What `swimlanes.compare` takes.

    max_workers : int, optional
        Largest number of workers, 1 to 256; by default as many as there are usable cores.
    """

    max_workers: int | None


class PanelOptions(PoolOptions, WorkOptions, total=False):
    """What `swimlanes.ControlPanel` takes, beside the workload and the mode.

    workers : int, optional
        Number of workers, 1 to 32; by default as many as there are usable cores, up to 32.
    threads : int, optional
        Threads of each worker, 1 to 32, for ``nested``; the default is 2.
    tasks : int
        Number of tasks of a named workload, 1 to 100 000.
    repeats : int
        Repetitions of every run in a sweep, 1 to 32.
    predict : bool
        Whether the panel asks for a guess of the speedup before a mode is run for the first time.
    level : str
        How much the panel shows. Each level has everything of the levels before it: ``lanes``, the
        workers' lanes and Run; ``cores``, the load of the cores and the options behind *More*;
        ``speedup``, the workloads, Sweep and where the rest went; ``modes``, every mode and their
        comparison. Parts that are hidden are not made.
    """

    workers: int | None
    repeats: int
    predict: bool
    level: str


class Option(NamedTuple):
    """One of the options.

    Attributes
    ----------
    name : str
        Its name.
    hint : object
        Its type.
    default : object
        Its value if it is left out.
    kind, about : str
        Its type and what it means, in words.
    """

    name: str
    hint: Any
    default: Any
    kind: str
    about: str


def options_of(group: type, **defaults: Any) -> list[Option]:  # noqa: ANN401
    """Return all options of a `TypedDict`; `defaults` says which differ there."""
    told, hints = {**_TOLD, **_entries(group)}, get_type_hints(group)
    return [
        Option(name, hints[name], default, *told[name])
        for name, default in {**DEFAULTS, **defaults}.items()
        if name in hints
    ]


def takes(group: type, **defaults: Any) -> Callable[[Taker], Taker]:  # noqa: ANN401
    """Give a function the options of a `TypedDict` as its keywords.

    All of them reach it. They stand in its signature, where a notebook looks for completions, and
    in its documentation in the place of ``{options}``. `defaults` says which differ there.
    """
    options = options_of(group, **defaults)
    told = "".join(f"{option.name} : {option.kind}\n{option.about}" for option in options)

    def decorate(function: Taker) -> Taker:
        signature = _with_keywords(inspect.signature(function), options)

        @wraps(function)
        def call(*arguments: Any, **given: Any) -> Any:  # noqa: ANN401
            try:
                bound = signature.bind(*arguments, **given)
            except TypeError as error:
                name, meant = function.__name__, _meant(given, signature)
                if "too many positional" in str(error):
                    raise CallError(_without_names(name, signature)) from None
                raise CallError(f"{name}() {error}{meant}") from None
            bound.apply_defaults()
            return function(*bound.args, **bound.kwargs)

        call.__signature__ = signature  # type: ignore[attr-defined]
        document = inspect.cleandoc(function.__doc__ or "")
        call.__doc__ = document.replace("{options}", told.rstrip())
        return call  # type: ignore[return-value]

    return decorate


def _without_names(name: str, signature: inspect.Signature) -> str:
    """Say which arguments may stand without a name; all others need one."""
    places = [
        each for each, of in signature.parameters.items() if of.kind is of.POSITIONAL_OR_KEYWORD
    ]
    return (
        f"{name}() takes {' and '.join(places)} without a name. Write the name before every other "
        "value, as in workers=2."
    )


def _meant(given: Mapping[str, Any], signature: inspect.Signature) -> str:
    """Ask whether a keyword that there is was meant by the first one that there is not."""
    unknown = next((name for name in given if name not in signature.parameters), "")
    near = difflib.get_close_matches(unknown, signature.parameters, 1)
    return f". Did you mean '{near[0]}'?" if near else ""


def part_of(options: Mapping[str, Any], group: type) -> Any:  # noqa: ANN401 - that very TypedDict
    """Return those of the options that are named in a `TypedDict`."""
    return {name: options[name] for name in get_type_hints(group) if name in options}


def _with_keywords(signature: inspect.Signature, options: list[Option]) -> inspect.Signature:
    kept = [
        parameter
        for parameter in signature.parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    keywords = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=option.hint,
        )
        for option in options
    ]
    return signature.replace(parameters=[*kept, *keywords])


def _entries(group: type) -> dict[str, tuple[str, str]]:
    """Return the type and the meaning of each option that a docstring tells of."""
    text = inspect.cleandoc(group.__doc__ or "") + "\n"
    return {name: (kind, about) for name, kind, about in _ENTRY.findall(text)}


_GROUPS = (WorkOptions, ScheduleOptions, PoolOptions, WayOptions, RepeatOptions)
_TOLD = {name: told for group in _GROUPS for name, told in _entries(group).items()}
