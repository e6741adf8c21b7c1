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
from swimlanes.checks.diagnosis import OWN
from swimlanes.checks.verdict import Verdict
from swimlanes.errors import SwimlanesError


class CourseChecksError(SwimlanesError, AttributeError):
    """The checks of the course cannot be used, or it has no check of this name."""


def own_check(name: str) -> Callable[..., Verdict]:
    """Return the check of the course that has this name."""
    file = course.own_file("checks")
    if file is None:
        raise CourseChecksError(
            f"There is no check {name!r}. Is its name spelled as in the lesson?"
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

    spec = importlib.util.spec_from_file_location(OWN, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[OWN] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[OWN]
        raise CourseChecksError(
            f"The checks of this course cannot be used: {file.name} ends in "
            f"{type(error).__name__}{_line(error, file)}: {cut(str(error))}. Tell your instructor."
        ) from error
    # The process in which an answer is tried has no such module.
    cloudpickle.register_pickle_by_value(module)
    own = {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "is_check", False) and value.__module__ == OWN
    }
    if taken := sorted(own.keys() & set(checks.__all__)):
        raise CourseChecksError(
            f"{file.name} of this course has a check {taken[0]!r}, and swimlanes has one of that "
            "name already. Give it another name, also in the lesson."
        )
    return own


def _line(error: BaseException, file: Path) -> str:
    """Return the line of the file in which an error was raised, as a sentence has it."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f" in line {error.lineno}"
    steps = traceback.extract_tb(error.__traceback__)
    line = next((step.lineno for step in reversed(steps) if step.filename == str(file)), None)
    return f" in line {line}" if line else ""
