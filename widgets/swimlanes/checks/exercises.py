"""The exercises as the lessons give them, each with its solution.

``exercises.json`` comes from the lessons (``course/derive.py``), and a test keeps it so.
"""

from __future__ import annotations

import ast
import dis
import json
from functools import cache
from importlib.resources import files
from types import CodeType
from typing import Any, NamedTuple

from swimlanes import course


class Exercise(NamedTuple):
    """A cell with gaps, and the same cell without; empty if that is not known."""

    given: str
    solution: str

    @property
    def has_gaps(self) -> bool:
        """Whether it is given with ``...`` where the answer belongs."""
        return "..." in self.given


def exercise(mark: str) -> Exercise | None:
    """Return the exercise with this mark; None for a check that no lesson calls.

    A course that brings the exercise with a solution comes before ours.
    """
    own = course.own_exercise(mark.partition("-")[0])
    if own and (own[1] or mark not in _all()):
        return Exercise(*own)
    return _all().get(mark)


def words_in(source: str) -> list[str]:
    """Return the texts that stand in a source as values, and not as keys.

    Examples
    --------
    >>> words_in('kinds = {"more cores": "strong"}; run("query", lengths="ramp-down")')
    ['strong', 'query', 'ramp-down']
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return []
    keys = {id(key) for node in nodes if isinstance(node, ast.Dict) for key in node.keys}
    texts = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in keys]
    return [text.value for text in texts if isinstance(text.value, str)]


def is_as_given(function: object, mark: str) -> bool:
    """Return whether a function still does what the one in the exercise's cell does."""
    code, given = getattr(function, "__code__", None), exercise(mark)
    if code is None or given is None:
        return False
    return any(_does(code) == _does(stub) for stub in _functions(given.given))


def holds_gap(function: object) -> bool:
    """Return whether a ``...`` stands somewhere in a function."""
    code = getattr(function, "__code__", None)
    return code is not None and any(part is ... for part in _constants(code))


def is_empty(function: object) -> bool:
    """Return whether nothing stands in a function besides its docstring, ``...`` or ``pass``."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP")]
    return len(steps) <= 2 and steps[0].argval in (None, ...) and "CONST" in steps[0].opname


@cache
def _all() -> dict[str, Exercise]:
    text = files("swimlanes.checks").joinpath("exercises.json").read_text(encoding="utf-8")
    return {mark: Exercise(**cells) for mark, cells in json.loads(text).items()}


@cache
def _functions(source: str) -> tuple[CodeType, ...]:
    """Return the code of the functions that stand in a source, without running it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # of a course of somebody's, with magics
        return ()
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    module = compile(tree, "exercise", "exec")
    return tuple(part for part in module.co_consts if isinstance(part, CodeType))


def _does(code: CodeType) -> tuple[Any, ...]:
    """Return what a function does, whatever file and line it stands in."""
    constants = tuple(
        _does(part) if isinstance(part, CodeType) else repr(part) for part in code.co_consts
    )
    return code.co_code, constants, code.co_names, code.co_varnames


def _constants(code: CodeType) -> list[object]:
    """Return the constants of a function and of the functions in it."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return [*code.co_consts, *(constant for part in inner for constant in _constants(part))]
