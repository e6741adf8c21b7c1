"""What is wrong with a course's checks, as far as it is seen without running them.

They are the instructor's own code, and may take long: only the kernels of participants run it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import symtable
import warnings
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from itertools import islice
from pathlib import Path

from swimlanes import checks
from swimlanes.brief import quoted
from swimlanes.checks.own import IS_TAKEN, CourseChecksError, hint_on, refuse_other_files, unusable
from swimlanes.course import Lesson

_UNREADABLE = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)
"""What reading and compiling a file may raise."""


def faults(folder: Path, name: str, lessons: Iterable[Lesson] = ()) -> list[str]:
    """Return a sentence on each fault in the file with this name in a course's folder.

    A check that a lesson calls, and that is nowhere, is one, too; the first such, if the course
    names no file.
    """
    if not name:
        return list(islice(_of_calls_of_others(lessons), 1))
    file = folder / name
    try:
        refuse_other_files(file)
        tree, made = _read(file)
    except CourseChecksError as error:
        return [str(error)]
    except _UNREADABLE as error:
        return [unusable(file, error)]
    told = [fault for node in tree.body for fault in (*_of_import(node, folder), *_of_check(node))]
    told += [*_of_attributes(tree, made), *_of_calls(tree, made, lessons)]
    return [f"{name} {fault}" for fault in told]


def _read(file: Path) -> tuple[ast.Module, set[str]]:
    """Return what a file consists of, and the names that it makes, in whatever way."""
    source = importlib.util.decode_source(file.read_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are about style
        compile(source, file, "exec", dont_inherit=True)  # which sees more than the next line
        tree = ast.parse(source, file)
        symbols = symtable.symtable(source, str(file), "exec").get_symbols()
    return tree, {symbol.get_name() for symbol in symbols if symbol.is_assigned()}


def _of_import(node: ast.stmt, folder: Path) -> Iterator[str]:
    """Tell of an import that would fail; one within `try` or `if` may be meant to."""
    modules = []
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        modules = ["." * node.level + (node.module or "")]
    for module in modules:
        if not _is_there(module, folder):
            yield (
                f"imports {quoted(module)} in line {node.lineno}, and neither the course nor "
                "Python here has such a module."
            )
        elif isinstance(node, ast.ImportFrom):
            yield from _of_names(node, module)


def _of_names(node: ast.ImportFrom, module: str) -> Iterator[str]:
    """Tell of names that one of our own modules does not have."""
    if module.partition(".")[0] != "swimlanes":
        return
    names = [alias.name for alias in node.names if alias.name != "*"]
    if lacking := [name for name in names if not _has(module, name)]:
        yield (
            f"imports {', '.join(map(quoted, lacking))} in line {node.lineno}, and {module} has no "
            f"such name.{hint_on(lacking[0])}"
        )


def _of_attributes(tree: ast.Module, made: set[str]) -> Iterator[str]:
    """Tell of names that are asked of our own modules, and that are nowhere."""
    ours = dict(_our_modules(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            ours.pop(node.arg, None)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            ours.pop(node.id, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = ours.get(node.value.id)
            if module and node.attr not in made and not _has(module, node.attr):
                yield (
                    f"uses {quoted(ast.unparse(node))} in line {node.lineno}, and {module} has no "
                    f"such name.{hint_on(node.attr)}"
                )


def _our_modules(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a file gives to modules of ours, and the modules."""
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        above = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            module = above + alias.name
            if module.partition(".")[0] == "swimlanes" and _has_spec(module):
                yield alias.asname or alias.name, module


def _has(module: str, name: str) -> bool:
    """Return whether a module of ours has a name, unasked: that would run checks of the course."""
    ours = importlib.import_module(module)
    names = {*dir(ours), *getattr(ours, "__all__", ())}
    return name in names or _has_spec(f"{module}.{name}")


def _is_there(module: str, folder: Path) -> bool:
    """Return whether a module is found; nobody's but our own packages are imported for that."""
    top = module.partition(".")[0]
    if not top:
        return False  # `from . import`: the file with the checks is in no package
    if top == "swimlanes":
        return _has_spec(module)
    return PathFinder.find_spec(top, [str(folder)]) is not None or _has_spec(top)


def _has_spec(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # of a module without a parent, or without a spec
        return False


def _of_check(node: ast.stmt) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef) or not any(map(_makes_check, node.decorator_list)):
        return
    has = f"has a check {node.name!r} in line {node.lineno}"
    if node.name in dir(checks):  # also a module of ours, such as `checks.values`
        yield f"{has}, and {IS_TAKEN}"
    elif node.name.startswith("_"):
        yield f"{has}, and a lesson cannot call a name that begins with an underscore."
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    if len(list(filter(None, named))) != 1:
        yield f"{has}, which must take one answer."


def _of_calls(tree: ast.Module, made: set[str], lessons: Iterable[Lesson]) -> Iterator[str]:
    """Tell of checks that lessons call and that are not there."""
    plain = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.decorator_list
    }
    there = {*made, *checks.__all__}
    for file, check in _calls(lessons):
        if check in plain:
            yield f"has {check!r} without @self_check(...) above, and {file} calls it."
        elif check not in there:
            yield f"has no check {check!r}, and {file} calls it. Is its name right?"


def _of_calls_of_others(lessons: Iterable[Lesson]) -> Iterator[str]:
    """Tell of checks that lessons call and that are none of ours."""
    for file, check in _calls(lessons):
        if check not in checks.__all__:
            yield (
                f"{file} calls checks.{check}, and swimlanes has no such check. If it is yours, "
                'write checks = "checks.py" into course.toml, with your file\'s name.'
            )


def _calls(lessons: Iterable[Lesson]) -> Iterator[tuple[str, str]]:
    """Yield the files of lessons with the checks that they call."""
    for lesson in lessons:
        for exercise in lesson.exercises:
            yield lesson.file, exercise.partition("-")[0]  # a shared one has the lesson's number


def _makes_check(decorator: ast.expr) -> bool:
    return any(
        "self_check" in (getattr(part, "id", ""), getattr(part, "attr", ""))
        for part in ast.walk(decorator)
    )
