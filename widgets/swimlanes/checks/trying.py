"""A participant's function, called in a process of its own; how it ended, and what it printed."""

from __future__ import annotations

import functools
import inspect
import linecache
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

from swimlanes import course
from swimlanes.brief import cut, plural
from swimlanes.checks.missing import in_module, missing_in, unrun
from swimlanes.checks.patience import LOOK_S, MOST_S, Patience, Spent
from swimlanes.checks.values import hint_on, pictured, travelling
from swimlanes.checks.verdict import Unanswered
from swimlanes.errors import RequestError, RunError
from swimlanes.measure import RunInProgress, launch

LOOP = "Look for a loop whose condition never becomes false."
WAIT = (
    "Look for what it waits for: a lock, a long `sleep`, or a result. After its `with` block, a "
    "pool is gone and gives no result."
)

_RUN_INSIDE = "RequestError: A run was asked for"
_USE_A_POOL = (
    "Your function calls `run` or the like, which measures. That cannot be done inside a check. "
    "Use what such a run uses: a `ThreadPool` or a `Pool`."
)

Function = Callable[..., Any]
Mistakes = Sequence[tuple[str, str]]
"""What an exception or its line looks like (a regular expression), and what is behind it."""

KNOWN: Mistakes = (
    (
        r"<lambda>|[Ll]ocal (object|function)",
        "A lambda, or a function inside another one, has no name by which another process could "
        "find it. Hand over a function that has its name in a module.",
    ),
    (
        r"on __main__ failed|module '__main__'",
        "Another process cannot find what a cell defines. Hand over a function from a module.",
    ),
    (r"^SystemExit", "Something in it ends the program. A function ends with `return`."),
    (r"EOF when reading", "Nobody can type while a check runs. Use the arguments instead."),
    (r"[Pp]ickl", "Python says here that a value cannot be sent to another process."),
    (
        r"object is not callable|must be a callable",
        "Python was told to call something that is not a function. Where you hand over a function, "
        "write its name without round brackets.",
    ),
    (r"ellipsis", "A `...` is still there."),
    (
        r"^UnboundLocalError",
        "The name is used before it has a value. Capital letters count: `pool` is not `Pool`.",
    ),
)
_YIELDS = "A function with `yield` gives a generator. Use `return`."
printed: ContextVar[list[str]] = ContextVar("printed")
"""What answers print, for as long as a check judges them."""


class Raised(NamedTuple):
    """An exception of an answer, as the process tells in which it was raised.

    Attributes
    ----------
    text : str
        Its class and what it says.
    missing : str
        The name that was not found, if it is about one.
    file, line : str, int
        Where in the participant's own code it was raised; the line is 0 if it was not there.
    """

    text: str
    missing: str
    file: str
    line: int


def call(
    function: object,
    cases: Sequence[tuple[Any, ...]],
    trial: Function | None = None,
    *,
    takes: str,
    mistakes: Mistakes = (),
    waiting: str = WAIT,
    failing: str = "",
) -> tuple[Any, ...]:
    """Return what a participant's function returns for each case, in a process of its own.

    Values that cannot travel come as `Described`.

    Parameters
    ----------
    function : object
        The answer.
    cases : sequence of tuples
        The arguments of each call.
    trial : callable, optional
        Is called instead, with the function and what the case holds, and may tell more of the call.
    takes : str
        Names of the function's arguments, as in the exercise.
    mistakes : sequence of pairs
        What exceptions mean in this exercise.
    waiting : str
        A hint for a function that waits and does not end.
    failing : str
        A hint for one that does not end, and one of whose workers has told of an error.

    Raises
    ------
    Unanswered
        If the answer is no function, raises, or does not end.
    """
    if not callable(function):
        raise Unanswered(
            f"The answer should be a function, and this is {pictured(function)}.",
            "open" if function is ... else "type",
        )
    _check_arguments(function, takes)
    for outcome in (outcomes := _tried(function, cases, trial, waiting, failing)):
        if isinstance(outcome, Raised):
            raise failed(outcome, mistakes)
    return outcomes


def failed(failure: Raised, mistakes: Mistakes = ()) -> Unanswered:
    """Return what is said to an answer that raised an exception."""
    if failure.missing and (origin := course.origin(failure.missing)):
        return Unanswered(unrun(failure.missing, origin), "unrun")
    if re.match(_RUN_INSIDE, failure.text):
        return Unanswered(_USE_A_POOL, "error")
    source = linecache.getline(failure.file, failure.line).strip().replace("`", "'")
    where = f" in line {failure.line}, `{cut(source).rstrip(': ')}`" if source else ""
    meaning = next(
        (said for look, said in (*mistakes, *KNOWN) if re.search(look, failure.text + where)), ""
    )
    if failure.missing and not meaning:
        meaning = in_module(failure.missing) or (
            f"Python does not know `{failure.missing}` here. Is it spelled as in the lesson, and "
            "have the cells above been run?"
        )
    happened = f" That happened{where}." if where else ""
    said = f"Your function ended in `{failure.text}`.{happened}"
    return Unanswered(f"{said} {meaning}".strip(), "error")


def returned(value: object, wanted: str, function: object) -> Unanswered:
    """Return what is said to a function whose value is not of the kind that is wanted."""
    if value is ...:
        return Unanswered("Still open: write your answer where `...` stands.", "open")
    if value is None:
        why = (
            "Look at what stands after `return`, and whether each way through the function comes "
            "to a `return`."
            if _returns(function)
            else "A function gives back the value that stands after `return`. Write one."
        )
        return Unanswered(f"Your function returned `None` and not {wanted}. {why}")
    hint = _YIELDS if _is_generator(function) else hint_on(value, wanted)
    if isinstance(value, str) and "str" in getattr(code_of(function), "co_names", ()):
        hint = "`str(...)` makes text: take the number itself, without `str(...)`." if hint else ""
    said = f"Your function returned {pictured(value)}, and not {wanted}. {hint}"
    return Unanswered(said.strip())


def _tried(
    function: Function,
    cases: Sequence[tuple[Any, ...]],
    trial: Function | None,
    waiting: str,
    failing: str,
) -> tuple[Any, ...]:
    with tempfile.NamedTemporaryFile() as errors:
        attempt: Any = functools.partial(_attempt, trial, function, errors.name)
        attempt.__name__ = getattr(function, "__name__", "function")
        try:
            running = launch(attempt, cases, mode="serial")
        except RequestError as error:
            why = str(error).replace(", where every run happens", "")
            said = f"This check calls your function in another process. {why}"
            raise Unanswered(said, "error") from None
        try:
            return _ended(running)
        except _Stopped as stopped:
            began, spent = stopped.args
            told = _told(Path(errors.name))
            said = stopped_sentence(began, spent, told, waiting, failing)
            raise Unanswered(said, "error") from None


def _ended(running: RunInProgress) -> tuple[Any, ...]:
    """Return the results; raise _Stopped if there are none in time."""
    patience = Patience(running)
    try:
        while not running.wait(LOOK_S):
            began, spent = patience.look()
            if spent.cause if began else spent.elapsed_s >= MOST_S:
                raise _Stopped(began, spent)
        return running.result().results
    except RunError:
        raise Unanswered(
            "The Python that ran your function ended before your function did. Does it end the "
            "process itself, or take more memory than there is?",
            "error",
        ) from None
    finally:
        running.cancel()  # harmless if it has ended
        printed.get([]).append(running.printed)


class _Stopped(Exception):
    """A function was stopped; holds whether it had begun, and what its time went to."""


def _told(errors: Path) -> str:
    """Return what a function's workers have complained of, empty for nothing."""
    text = errors.read_text(encoding="utf-8", errors="replace")
    told = re.findall(r"^\w+(?:Error|Exception)\b.*$", text, re.MULTILINE)
    return clean(told[0]) if told else ""


def stopped_sentence(began: bool, spent: Spent, told: str, waiting: str, failing: str) -> str:
    """Return what is said to a function that was stopped: what was seen, and only what fits it."""
    after = f"after {_seconds(spent.elapsed_s)}"
    if not began:
        return (
            f"The Python that should call your function was not ready {after}. {_busy(spent)} "
            "Your answer has not been judged: run this cell again."
        )
    said = f"Your function had not ended {after} and was stopped."
    if told:
        return f"{said} One of its workers said: `{told}`. {failing}".strip()
    if spent.cause == "unknown":
        return (
            f"{said} {_busy(spent)} So this check cannot tell whether your function would end: run "
            "this cell again."
        )
    computed = f"It computed for {_seconds(spent.own_s)}"
    if spent.cause == "computing":
        return f"{said} {computed}. {LOOP}"
    if spent.cause == "waiting":
        return f"{said} {computed}, and it waited for the rest of the time. {waiting}"
    return f"{said} {computed}. Run this cell again. If it ends so again, look for what takes long."


def _busy(spent: Spent) -> str:
    """Return what kept the cores from a function, as far as that was seen."""
    if spent.others is None:
        return "This system does not tell how busy its cores are."
    if spent.throttled_s > spent.elapsed_s / 2:
        return f"The limit on CPU time stopped its processes for {_seconds(spent.throttled_s)}."
    of_cores = f"{spent.others:.1f} of {plural(spent.cores, 'core')}"
    return f"Meanwhile, other programs kept {of_cores} busy."


def _seconds(time_s: float) -> str:
    return f"{time_s:.{0 if time_s > 9.9 else 1}f} s"


def _check_arguments(function: Function, takes: str) -> None:
    """Refuse a function that cannot be called as the exercise says."""
    names = [name.strip() for name in takes.split(",") if name.strip()]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of something built in
        return
    try:
        signature.bind(*names)
    except TypeError:
        count = len(names)
        wanted = f"{count} {'argument' if count == 1 else 'arguments'}" if count else "no argument"
        raise Unanswered(
            f"Your function cannot be called as in the exercise, with {wanted}: "
            f"`{getattr(function, '__name__', 'function')}({takes})`. It takes `{signature}`."
        ) from None


def _attempt(trial: Function | None, function: Function, errors: str, case: tuple[Any, ...]) -> Any:  # noqa: ANN401 - an answer is anything
    """Call the function, in the process that was made for it."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    # What workers of its own complain of is not what the function prints.
    os.dup2(os.open(errors, os.O_WRONLY | os.O_APPEND), sys.stderr.fileno())
    try:
        if trial is not None:
            return trial(function, *case)
        return travelling(function(*case))
    except (Exception, SystemExit) as error:
        return raised(error, file_of(function))


def raised(error: BaseException, file: str) -> Raised:
    """Return what is to be told of an exception: above all the last line of this file in it."""
    frames, step = [], error.__traceback__
    while step is not None:
        frames.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    line = next((number for name, number in reversed(frames) if name == file), 0)
    said = "" if str(error) == "None" else f": {error}"
    return Raised(clean(f"{type(error).__name__}{said}"), missing_in(error), file, line)


def clean(text: str) -> str:
    """Return what an exception says in one line that fits a sentence and names nothing of ours."""
    text = re.sub(r"[\w.]+\.<locals>\.|\b_(?=[A-Z])", "", " ".join(text.split()))
    return cut(text.replace("`", "'")).rstrip(".: ")


def code_of(function: object) -> Any:  # noqa: ANN401 - a code object, or None
    """Return the code of a function, also of one that is wrapped in something else."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(function) if callable(function) else function
    if not hasattr(function, "__code__") and not isinstance(function, type):
        function = type(function).__call__ if callable(function) else None
    return getattr(function, "__code__", None)


def asks_nobody(function: object) -> bool:
    """Return whether a function calls nothing and reads no variable but its own."""
    code = code_of(function)
    return code is not None and not (code.co_names or code.co_freevars or _inner(code))


def _inner(code: Any) -> list[Any]:  # noqa: ANN401 - a code object
    return [constant for constant in code.co_consts if hasattr(constant, "co_code")]


def file_of(function: object) -> str:
    """Return the file of a function, which is the name of a cell in a notebook."""
    return getattr(code_of(function), "co_filename", "")


def _is_generator(function: object) -> bool:
    return bool(getattr(code_of(function), "co_flags", 0) & inspect.CO_GENERATOR)


def _returns(function: object) -> bool:
    """Return whether the code of a function holds a ``return`` with a value."""
    import dis

    code = code_of(function)
    if code is None:
        return True
    steps = [step for step in dis.get_instructions(code) if step.opname != "NOP"]
    pairs = zip([None, *steps], steps, strict=False)
    return any(_gives_value(before, step) for before, step in pairs)


def _gives_value(before: Any, step: Any) -> bool:  # noqa: ANN401 - instructions
    if step.opname == "RETURN_CONST":
        return step.argval is not None
    loads_none = before is not None and before.opname == "LOAD_CONST" and before.argval is None
    only_none = loads_none and not step.is_jump_target  # else there is another way to this return
    return step.opname == "RETURN_VALUE" and not only_none
