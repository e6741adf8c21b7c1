"""The sentences: how a run that did not end well is told to a participant."""

from __future__ import annotations

import linecache
import reprlib
import signal
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from swimlanes import runner
from swimlanes.errors import RunError, TaskError, TaskTimeout, WorkerDied
from swimlanes.records import TaskRecord, Timeline

_NOT_YOURS = tuple(
    {sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")}
    | {str(Path(__file__).parent), "<frozen"}
)


def listing(names: Iterable[str]) -> str:
    """Join names for a sentence.

    Examples
    --------
    >>> listing(["serial", "threads", "processes"])
    'serial, threads or processes'
    """
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def explain(outcome: runner.Outcome, timeline: Timeline, *, out_of_memory: bool) -> RunError:
    """Return the error that tells what happened.

    Parameters
    ----------
    outcome : Outcome
        What the runner said, anything but a success.
    timeline : Timeline
        How far the run came.
    out_of_memory : bool
        Whether the memory limit of this container has killed somebody meanwhile.
    """
    if isinstance(outcome, runner.TaskFailure):
        return _task_error(outcome)
    if isinstance(outcome, runner.Unsendable):
        return _unsendable(outcome)
    if isinstance(outcome, runner.WorkerDeath):
        return _worker_died(outcome, timeline, out_of_memory)
    assert isinstance(outcome, runner.Breakdown)
    memory = f" {_MEMORY_LIMIT}" if out_of_memory else ""
    return RunError(f"The run broke off: {outcome.error.rstrip('.')}.{memory}", outcome.traceback)


def overdue(task: TaskRecord, value: object, limit_s: float) -> TaskTimeout:
    """Return the error for a task that ran longer than the limit."""
    return TaskTimeout(
        f"Task {task.task}, with the input {reprlib.repr(value)}, ran on worker {task.worker} for "
        f"longer than the limit of {limit_s:g} s, so the run was ended. Look for a loop in your "
        "function that does not end, or raise the limit."
    )


def ending(exitcode: int | None) -> str:
    """Say how a process ended that left no other word.

    Examples
    --------
    >>> ending(-9)
    'the runner was ended by SIGKILL (as when memory runs out or somebody kills it)'
    """
    if exitcode is not None and exitcode < 0:
        return f"the runner was ended by {_signal(exitcode)} ({_why(exitcode)})"
    return f"the runner ended with exit code {exitcode}"


_MEMORY_LIMIT = (
    "The memory limit of this container was reached: use fewer workers, or smaller inputs and "
    "results, or ask for more memory."
)
# What a well-known error in a task means here, and what to do about it.
_REMEDIES = {
    "ModuleNotFoundError": "Install it for the Python that runs the tasks, or do without it.",
    "AssertionError: daemonic processes": (
        "A worker of a Pool may not start workers of its own: use the mode 'nested', or threads "
        "inside the task."
    ),
    "MemoryError": "Use fewer workers, or smaller inputs and results.",
}


def _task_error(failure: runner.TaskFailure) -> TaskError:
    remedies = (text for error, text in _REMEDIES.items() if failure.error.startswith(error))
    return TaskError(
        f"Task {failure.task}, with the input {failure.input}, raised {failure.error.rstrip('.')}. "
        + next(remedies, "Mend the function and run it again."),
        "\n".join([*_own_lines(failure.frames), failure.error]),
    )


def _unsendable(told: runner.Unsendable) -> RunError:
    whose = f" of task {told.task}" if told.task is not None else ""
    return RunError(
        f"The {told.what}{whose}, {told.value}, cannot be sent from one process to another "
        f"({told.reason}). Use plain values such as numbers, text, lists and arrays, and define "
        "classes in a module file."
    )


def _own_lines(frames: tuple[tuple[str, int, str], ...]) -> list[str]:
    """Return the traceback's lines that are the participant's own.

    The source is looked up here: a notebook's cells are known to the caller, not to the runner.
    """
    own = [frame for frame in frames if not frame[0].startswith(_NOT_YOURS)] or frames[-1:]
    lines = []
    for file, number, function in own:
        source = linecache.getline(file, number).strip()
        lines += [
            f"line {number} in {function} ({Path(file).name})",
            *([f"    {source}"] * bool(source)),
        ]
    return lines


def _worker_died(death: runner.WorkerDeath, timeline: Timeline, out_of_memory: bool) -> WorkerDied:
    lanes = [lane for lane in timeline.lanes if lane.pid == death.pid]
    who = f"Worker {lanes[0].worker} (process {death.pid})" if lanes else f"Process {death.pid}"
    numbers = {lane.worker for lane in lanes}
    doing = [task for task in timeline.tasks if task.worker in numbers and task.end_s is None]
    while_ = f" while it ran task {doing[0].task}" if doing else ""
    consequence = (
        _MEMORY_LIMIT
        if out_of_memory
        else "A plain Pool would wait for its result for ever; this run was ended and nothing is "
        "left."
    )
    return WorkerDied(f"{who} {_how(death.exitcode)}{while_}. {consequence}")


def _how(exitcode: int | None) -> str:
    if exitcode is None:
        return "ended"
    if exitcode < 0:
        return f"was ended by {_signal(exitcode)} ({_why(exitcode)})"
    return f"ended itself with exit code {exitcode}"


def _signal(exitcode: int) -> str:
    return signal.Signals(-exitcode).name


def _why(exitcode: int) -> str:
    if -exitcode == signal.SIGKILL:
        return "as when memory runs out or somebody kills it"
    if -exitcode in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
        return "a crash in compiled code"
    return "sent by another process"
