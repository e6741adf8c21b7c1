"""The sentences: how a run that did not end well is told to a participant."""

from __future__ import annotations

import linecache
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from swimlanes import hiding, modes
from swimlanes.brief import cut, plural, shown
from swimlanes.errors import RunError, TaskError, TaskTimeout, WorkerDied
from swimlanes.records import Timeline
from swimlanes.runner.protocol import Breakdown, Outcome, WorkerDeath
from swimlanes.worker import (
    Frames,
    InitializerFailure,
    NotLoaded,
    TaskFailure,
    Unloadable,
    Unsendable,
)

MOST_LINES = 5
"""Of a long traceback, so many calls are shown from its beginning and from its end."""


def listing(names: Iterable[str], joint: str = "or") -> str:
    """Join names for a sentence.

    Examples
    --------
    >>> listing(["serial", "threads", "processes"])
    'serial, threads or processes'
    """
    *first, last = names
    return f"{', '.join(first)} {joint} {last}" if first else last


def explain(
    outcome: Outcome, timeline: Timeline, *, out_of_memory: bool, printed: str = ""
) -> RunError:
    """Return the error that tells what happened.

    It takes what the runner said, anything but a success; how far the run came; whether the memory
    limit of this container has killed somebody meanwhile; and what was printed.
    """
    if type(outcome) in _TOLD:
        return _TOLD[type(outcome)](outcome)
    if isinstance(outcome, modes.Trouble):
        return RunError(str(outcome))
    remedy = _MEMORY_LIMIT if out_of_memory else ""
    if isinstance(outcome, WorkerDeath):
        return _worker_died(outcome, timeline, remedy, printed)
    assert isinstance(outcome, Breakdown)
    return _broke_off(outcome, timeline, remedy, printed)


def unloadable(told: Unloadable) -> RunError:
    """Return the error for what has travelled and cannot be put together again."""
    return RunError(
        f"{told.what} was sent from one process to another, but could not be put together there "
        f"({told.reason}). Pickle must be able to make it again: an exception class of your own "
        "must give all its arguments to super().__init__(), and another class needs __reduce__(). "
        "Or use plain values such as numbers, text, lists and arrays."
    )


def overdue(task: int, worker: int, value: object, ran_s: float, limit_s: float) -> TaskTimeout:
    """Return the error for a task that has run longer than the limit."""
    what = f"Task {task}, with the input {shown(value)}, has been running on worker {worker} for"
    return _ended(f"{what} {_precise(ran_s)},", limit_s, _ENDLESS)


def overdue_initializer(limit_s: float) -> TaskTimeout:
    """Return the error for an initializer that does not end."""
    return _ended("The initializer has been running for", limit_s, "Look for what it waits for")


def overdue_warmup(limit_s: float) -> TaskTimeout:
    """Return the error for a warm-up that does not end."""
    return _ended("A call of the warm-up took", limit_s, _ENDLESS)


def _ended(what: str, limit_s: float, advice: str) -> TaskTimeout:
    return TaskTimeout(
        f"{what} longer than the limit of {limit_s:g} s, so the run was ended. {advice}, or raise "
        "the limit."
    )


def overrun(task: int, worker: int, value: object, ran_s: float, limit_s: float) -> TaskTimeout:
    """Return the error for a task that has ended, but after the limit."""
    return TaskTimeout(
        f"Task {task}, with the input {shown(value)}, ran on worker {worker} for "
        f"{_precise(ran_s)}, longer than the limit of {limit_s:g} s, so the run does "
        "not count. Raise the limit, or make the tasks shorter."
    )


def _precise(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds:.2g} s"


def ending(exitcode: int | None) -> str:
    """Say how a process ended that has said nothing else.

    Examples
    --------
    >>> ending(-9)
    'the runner was ended by SIGKILL (as when memory runs out or somebody kills it)'
    """
    if exitcode is not None and exitcode < 0:
        return f"the runner {how_ended(exitcode)}"
    return f"{_LEFT} {exitcode}"


_ENDLESS = "Look for a loop in your function that does not end"
_LEFT = "the runner ended with exit code"
_MEMORY_LIMIT = (
    "The memory limit of this container was reached: use fewer workers, or smaller inputs and "
    "results, or ask for more memory."
)
_NO_RESULT = (
    "A plain Pool would wait for its result for ever; this run was ended and nothing is left."
)
_AT_IMPORT = (
    "Perhaps a module that the function needs ends the program when it is imported: put what it "
    'does below: if __name__ == "__main__".'
)
_TOO_MANY = "The limit on processes and threads was reached: use fewer workers."
# What a well-known error means here, and what to do about it.
_REMEDIES = {
    "ModuleNotFoundError": "Install it for the Python that runs the tasks, or do without it.",
    "ImportError: module": (
        "Not every package can be loaded in a subinterpreter: choose another mode, or do without "
        "it."
    ),
    "RuntimeError: daemon threads": (
        "A subinterpreter may not start a Pool of its own: use the mode 'nested', or 'threads'."
    ),
    "AssertionError: daemonic processes": (
        "A worker of a Pool may not start workers of its own: use the mode 'nested', or threads "
        "inside the task."
    ),
    "_pickle.PicklingError": (
        "Another process can only find functions and classes that have a name in a module: put "
        "yours into a module file."
    ),
    "MemoryError": "Use fewer workers, or smaller inputs and results.",
    "RecursionError": (
        "The function calls itself too many times: let it stop earlier, or use a loop."
    ),
    "AttributeError: Can't get attribute": (
        "The file of the function has no such name any more: restart the kernel or program, and "
        "import it again."
    ),
    "SystemExit": (
        "A task ends by returning a value; in a plain Pool it would end the worker, and the map "
        "would never return."
    ),
    "EOFError: EOF when reading a line": "Nobody can answer a task: give it inputs instead.",
    "BlockingIOError: [Errno 11]": _TOO_MANY,
    "RuntimeError: can't start new thread": _TOO_MANY,
    "the runner was ended by SIGKILL": (
        "Run it again; if memory may be short, with fewer workers, or smaller inputs and results."
    ),
    _LEFT: (
        "A task may have ended its process, as os._exit does, or closed or removed what the "
        "process needs, such as its open files or modules: let the task return a value instead."
    ),
    "OSError: [Errno 24]": "The limit on open files was reached: use fewer workers.",
    "OSError: [Errno 28]": "Free some space, also in /dev/shm, where workers share their locks.",
}


def _broke_off(breakdown: Breakdown, timeline: Timeline, remedy: str, printed: str) -> RunError:
    when, error, detail = "", breakdown.error, breakdown.traceback
    if not timeline.tasks:
        when = " before its first task"
        remedy = remedy or hiding.told_at_start(f"{detail}\n{printed}")
        if error.startswith(_LEFT) and not remedy:
            return RunError(f"The run broke off{when}: {error}. {_suspicion()}", detail)
    remedy = remedy or _remedy(error)
    # If we can say what to do, nobody needs to read our traceback.
    sentence = f"The run broke off{when}: {error.rstrip('.')}. {remedy}".rstrip()
    return RunError(sentence, "" if remedy else detail)


def _suspicion() -> str:
    """Say what may have ended a runner that has said nothing else."""
    files = hiding.suspects()
    if files:
        return (
            f"This run cannot tell why. Perhaps it was {listing(files)}, with the name of one of "
            "Python's own modules: rename it, and run again."
        )
    return f"This run cannot tell why. {_AT_IMPORT}"


def _remedy(error: str) -> str:
    return next((text for start, text in _REMEDIES.items() if error.startswith(start)), "")


def _task_error(failure: TaskFailure) -> TaskError:
    who = "A call of the warm-up" if failure.task is None else f"Task {failure.task}"
    remedy = hiding.told_by(failure.error) or _remedy(failure.error)
    error = TaskError(
        f"{who}, with the input {failure.input}, raised {failure.error.rstrip('.')}. "
        + (_calling(failure) or remedy or "Correct the function and run it again."),
        "\n".join([*_lines(failure.frames), failure.error]),
    )
    error.task = failure.task
    return error


def _calling(failure: TaskFailure) -> str:
    """Say how a task is called if the call itself failed."""
    fails_inside = failure.frames or not failure.error.startswith("TypeError: ")
    if fails_inside or "positional argument" not in failure.error:
        return ""
    calls = "A task calls the function with one argument, its input"
    if failure.input.startswith("("):
        return (
            f"{calls}, here a tuple. Plain code takes it apart with starmap(). Here, give a "
            "function that does so itself: def task(pair): return f(*pair)."
        )
    return f"{calls}: give a function that takes one."


def _initializer_error(failure: InitializerFailure) -> RunError:
    return RunError(
        f"The initializer raised {failure.error.rstrip('.')}. Every worker calls it first, so "
        "the run was ended; a plain Pool would start new workers for ever. Correct it and run "
        "again.",
        "\n".join([*_lines(failure.frames), failure.error]),
    )


def _not_loaded(told: NotLoaded) -> RunError:
    remedy = hiding.told_by(told.error)
    if not remedy:
        ended = told.error.startswith("SystemExit")
        remedy = _AT_IMPORT if ended else _remedy(told.error)
    return RunError(
        "Before the first task, the function could not be loaded where tasks run: "
        f"{told.error.rstrip('.')}. {remedy}".rstrip()
    )


def _unsendable(told: Unsendable) -> RunError:
    which = "A result" if told.task is None else f"The result of task {told.task}"
    return RunError(
        f"{which}, {cut(told.value)}, cannot be sent from one process to another "
        f"({cut(told.reason)}). "
        "Return plain values such as numbers, text, lists and arrays."
    )


def _lines(frames: Frames) -> list[str]:
    """Return the lines of a traceback.

    The source is looked up here: a notebook's cells are known to the caller, not to the runner.
    """
    if len(frames) > 2 * MOST_LINES:
        left_out = f"... {plural(len(frames) - 2 * MOST_LINES, 'more call')} ..."
        return [*_lines(frames[:MOST_LINES]), left_out, *_lines(frames[-MOST_LINES:])]
    lines = []
    for file, number, function in frames:
        source = linecache.getline(file, number).strip()
        lines += [
            f"line {number} in {function} ({Path(file).name})",
            *([f"    {source}"] * bool(source)),
        ]
    return lines


_TOLD: dict[type, Callable[[Any], RunError]] = {
    TaskFailure: _task_error,
    InitializerFailure: _initializer_error,
    NotLoaded: _not_loaded,
    Unsendable: _unsendable,
    Unloadable: unloadable,
}
"""The sentences for outcomes that say by themselves what happened."""


def _worker_died(death: WorkerDeath, timeline: Timeline, remedy: str, printed: str) -> WorkerDied:
    lanes = [lane for lane in timeline.lanes if lane.pid == death.pid]
    who = f"Worker {lanes[0].worker} (process {death.pid})" if lanes else f"Process {death.pid}"
    numbers = {lane.worker for lane in lanes}
    doing = [task for task in timeline.tasks if task.worker in numbers and task.end_s is None]
    when = f" while it ran task {doing[0].task}" if doing else ""
    if not timeline.tasks:
        when = " before the first task"
        remedy = remedy or hiding.told_at_start(printed)
    return WorkerDied(f"{who} {how_ended(death.exitcode)}{when}. {remedy or _NO_RESULT}")


def how_ended(exitcode: int | None) -> str:
    """Say how a process ended, as far as its exit code tells.

    Examples
    --------
    >>> how_ended(3), how_ended(None)
    ('ended itself with exit code 3', 'ended')
    """
    if exitcode is None:
        return "ended"
    if exitcode < 0:
        return f"was ended by {signal.Signals(-exitcode).name} ({_why(exitcode)})"
    return f"ended itself with exit code {exitcode}"


def _why(exitcode: int) -> str:
    if -exitcode == signal.SIGKILL:
        return "as when memory runs out or somebody kills it"
    if -exitcode in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
        return "a crash in compiled code"
    return "sent by a task or by another program"
