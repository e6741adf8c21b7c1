"""What travels to a runner, made ready; or which part of it cannot be sent, and what to do."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from swimlanes.brief import cut, shown
from swimlanes.errors import RequestError
from swimlanes.measure.remarks import codes_in
from swimlanes.measure.sending import Parcel, send, send_function
from swimlanes.measure.unsendable import ELSE, told
from swimlanes.measure.work import Work, name_of
from swimlanes.worker import Initialized, in_one_line

Send = Callable[[Any], Parcel]


class _Culprit(NamedTuple):
    """A value that cannot be sent, the variable that holds it, and the function that uses this."""

    variable: str
    value: Any
    user: str


def sent_function(work: Work) -> Parcel:
    """Return a work's function as it travels: what a notebook defined whole, the rest by its name.

    The initializer travels with it, so that both have the same global names.
    """
    if work.initializer is not None:
        return _sent_with(work.initializer, work)
    try:
        return send_function(work.function)
    except Exception as error:
        raise RequestError(_unsendable_function(work.function, work.name, error)) from error


def _sent_with(initializer: Callable[..., object], work: Work) -> Parcel:
    _sent(f"The function {work.name!r}", work.function)
    _sent(f"The initializer {name_of(initializer)!r}", initializer)
    for value in work.initargs:
        _sent(f"The initializer's argument {shown(value)}", value)
    return _sent("The initializer", Initialized(work.function, initializer, work.initargs))


def _sent(what: str, value: Any) -> Parcel:  # noqa: ANN401
    try:
        return send_function(value)
    except Exception as error:
        raise _unsendable(what, value, error, send_function) from error


def sent_inputs(inputs: tuple[Any, ...]) -> Parcel:
    """Return the inputs as they travel."""
    try:
        return send(inputs)
    except Exception as error:
        for task, value in enumerate(inputs):
            if not _can_be_sent(value, send):
                what = f"The input of task {task}, {shown(value)},"
                raise _unsendable(what, value, error, send) from error
        raise _unsendable("The inputs", inputs, error, send) from error


def _unsendable(what: str, value: Any, error: Exception, send: Send) -> RequestError:  # noqa: ANN401
    part = _innermost(value, send)
    if deeper := _find(part, "", set(), send):
        part = deeper.value
    inner, cure = told(part)
    holds = "" if part is value else f" It holds {inner}."
    said = f"{what} cannot be sent to another process ({in_one_line(error)})."
    return RequestError(f"{said}{holds} {cure}")


def _unsendable_function(function: Callable[[Any], Any], name: str, error: Exception) -> str:
    """Return the sentence that says why a function cannot be sent."""
    culprit = _find(function, name, set(), send_function)
    if culprit is None:
        why = cut(str(error).partition("\n")[0])
        return f"The function {name!r} cannot be sent to another process ({why}). {ELSE}"
    variable, value, user = culprit
    what, cure = told(value)
    return (
        f"The function {name!r} cannot be sent to another process, where every run happens: "
        f"the variable {variable!r}, which {user!r} uses, holds {what}. {cure}"
    )


def _find(value: Any, user: str, seen: set[int], send: Send) -> _Culprit | None:  # noqa: ANN401
    """Return what cannot be sent in the variables of a value, as deep as it goes."""
    seen.add(id(value))
    for variable, part in _variables(value):
        if id(part) not in seen and not _can_be_sent(part, send):
            deeper = _find(part, getattr(part, "__name__", user), seen, send)
            return deeper or _Culprit(variable, _innermost(part, send), user)
    return None


def _innermost(value: Any, send: Send) -> Any:  # noqa: ANN401
    """Return the item of a container that cannot be sent, or else the value itself."""
    items = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple | set):
        parts = (_innermost(item, send) for item in items if not _can_be_sent(item, send))
        return next(parts, value)
    return value


def _can_be_sent(value: Any, send: Send) -> bool:  # noqa: ANN401
    try:
        send(value)
    except Exception:
        return False
    return True


def _variables(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield the names and values that travel with a function, or with an object."""
    if isinstance(value, FunctionType):
        yield from _variables_of_function(value)
    elif isinstance(value, MethodType):
        yield value.__func__.__name__, value.__func__
        yield "self", value.__self__
    elif isinstance(value, functools.partial):
        named = dict(enumerate(value.args, 1)) | value.keywords
        yield from ((f"argument {key}", part) for key, part in named.items())
        yield "function", value.func
    elif hasattr(value, "__wrapped__"):
        yield getattr(value.__wrapped__, "__name__", "__wrapped__"), value.__wrapped__
    elif hasattr(value, "__dict__") and not _is_of_a_library(value):
        yield from vars(value).items()
        yield from () if isinstance(value, type) else [(type(value).__name__, type(value))]


def _variables_of_function(function: FunctionType) -> Iterator[tuple[str, Any]]:
    for variable, cell in zip(
        function.__code__.co_freevars, function.__closure__ or (), strict=True
    ):
        yield variable, cell.cell_contents
    names = (name for code in codes_in(function.__code__) for name in code.co_names)
    for variable in dict.fromkeys(names):
        if variable in function.__globals__:
            yield variable, function.__globals__[variable]
    defaults = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is not parameter.empty
    ]
    yield from ((parameter.name, parameter.default) for parameter in defaults)


def _is_of_a_library(value: Any) -> bool:  # noqa: ANN401
    kind = value if isinstance(value, type) else type(value)
    return kind.__module__ != "__main__" and "<locals>" not in kind.__qualname__
