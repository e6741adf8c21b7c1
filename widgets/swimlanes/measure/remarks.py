"""Sentences about what a run did otherwise than its caller may think."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from swimlanes import changes, modes
from swimlanes.wording import listing


def on_changes(folder: Path, mode: str) -> tuple[str, ...]:
    """Return a sentence if tasks have changed their copies of something of the caller's."""
    names = [name if name == changes.INPUT else repr(name) for name in changes.told(str(folder))]
    if not names:
        return ()
    what = listing(names, "and") + (" in place" if changes.INPUT in names else "")
    if not modes.of(mode).in_one_process:
        return (
            f"A task changed {what}, but only the copy in its worker: yours is unchanged. Return "
            "what you want to keep.",
        )
    return (
        f"A task changed {what}, but a run works on a copy: yours is unchanged. Plain code in this "
        "mode would have changed it.",
    )


def on_forks(folder: Path) -> tuple[str, ...]:
    """Return a sentence if a child that a task forked came back from the function."""
    if not (folder / changes.FORKED).exists():
        return ()
    return (
        "A task forked, and its child came back from the function, too: it was ended there. In "
        "plain code it would go on as a second worker, with the same pipes. End a child inside the "
        "function, with os._exit(0).",
    )


def on_edited(module: ModuleType | None) -> tuple[str, ...]:
    """Return a sentence if a module's file says something else than what was imported from it."""
    if module is None or not _is_edited(module):
        return ()
    return (
        f"The file of the module {module.__name__!r} was changed after it was imported here: the "
        "run used the new file, and this notebook or program has the old one. Restart the kernel "
        "or program.",
    )


def _is_edited(module: ModuleType) -> bool:
    """Return whether a function of the module is not in its file as it is now."""
    get_code = getattr(getattr(module, "__loader__", None), "get_code", None)
    if get_code is None or module.__name__ == "__main__":
        return False
    try:
        written = set(map(_essence, codes_in(get_code(module.__name__))))
    except Exception:  # the file is gone, or no Python any more: then the run says so
        return False
    return any(_essence(code) not in written for code in _imported(module))


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """Yield code, and the code of all functions inside."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def _essence(code: CodeType) -> object:
    """Return what code does, wherever in the file it stands."""
    constants = (
        _essence(constant) if isinstance(constant, CodeType) else (type(constant), constant)
        for constant in code.co_consts
    )
    return code.co_name, code.co_code, code.co_names, code.co_varnames, tuple(constants)


def _imported(module: ModuleType) -> Iterator[CodeType]:
    """Yield the code of the functions that the module's file has defined, methods included."""
    values: list[Any] = list(vars(module).values())
    for kind in [value for value in values if isinstance(value, type)]:
        values += vars(kind).values() if kind.__module__ == module.__name__ else ()
    for value in values:
        function: Callable[..., Any] | None = getattr(value, "__wrapped__", value)
        if isinstance(function, FunctionType) and function.__code__.co_filename == module.__file__:
            yield function.__code__
