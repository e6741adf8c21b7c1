"""The checks that a course brings, from the file that its ``course.toml`` names."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from swimlanes import checks, course
from swimlanes.brief import cut
from swimlanes.checks import making
from swimlanes.checks.diagnosis import OWN
from swimlanes.checks.verdict import Verdict
from swimlanes.errors import SwimlanesError

IS_TAKEN = "swimlanes has something of that name already. Give it another name, also in the lesson."

_running: set[Path] = set()
"""The file that is run right now: it may ask for a check while it has none yet."""


class CourseChecksError(SwimlanesError, AttributeError):
    """The checks of the course cannot be used, or it has no check of this name."""


def own_check(name: str) -> Callable[..., Verdict]:
    """Return the check of the course that has this name."""
    file = course.own_file("checks")
    if file is None:
        raise CourseChecksError(
            f"There is no check {name!r}. Is its name spelled as in the lesson?"
        )
    if file in _running:
        raise CourseChecksError(
            f"There is no check {name!r} while {file.name} itself is run.{hint_on(name)}"
        )
    own = _own(file, file.stat().st_mtime_ns)
    if name not in own:
        raise CourseChecksError(
            f"There is no check {name!r} in {file.name} of this course; it has "
            f"{', '.join(sorted(own)) or 'none: write @self_check(...) above a check'}."
        )
    return own[name]


@cache
def _own(file: Path, _changed: int) -> Mapping[str, Callable[..., Verdict]]:
    """Run the file, and return its functions that were made to checks."""
    import cloudpickle

    refuse_other_files(file)
    spec = importlib.util.spec_from_file_location(OWN, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[OWN] = module
    course.find_modules()
    _running.add(file)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[OWN]
        raise CourseChecksError(f"{unusable(file, error)} Tell your instructor.") from error
    finally:
        _running.remove(file)
    # The process in which an answer is tried has no such module.
    cloudpickle.register_pickle_by_value(module)
    own = {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "is_check", False) and value.__module__ == OWN
    }
    if taken := sorted(own.keys() & {*dir(checks)}):
        raise CourseChecksError(
            f"{file.name} of this course has a check {taken[0]!r}, and {IS_TAKEN}"
        )
    return own


def hint_on(name: str) -> str:
    """Return where a name is that checks are made with; empty for other names."""
    return f" For that, use {making.__name__}." if name in making.__all__ else ""


def refuse_other_files(file: Path) -> None:
    """Refuse what Python cannot take for a module."""
    if file.suffix != ".py" or not file.is_file():
        raise CourseChecksError(
            f"The checks of a course are a file that ends in .py, and {file.name} is none: name "
            "another one in course.toml."
        )


def unusable(file: Path, error: BaseException) -> str:
    """Return a sentence on a file of checks that cannot be run to its end."""
    # What a SyntaxError says of itself ends with the file and the line.
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return (
        f"The checks of this course cannot be used: {file.name} ends in "
        f"{type(error).__name__}{_line(error, file)}{': ' * bool(said)}{cut(said).rstrip('.')}."
    )


def _line(error: BaseException, file: Path) -> str:
    """Return the line of the file in which an error was raised, as a sentence has it."""
    if isinstance(error, SyntaxError) and error.filename == str(file) and error.lineno:
        return f" in line {error.lineno}"
    steps = traceback.extract_tb(error.__traceback__)
    line = next((step.lineno for step in reversed(steps) if step.filename == str(file)), None)
    return f" in line {line}" if line else ""
