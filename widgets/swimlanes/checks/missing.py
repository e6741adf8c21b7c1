"""A name, or a quote, that is missing in a notebook's cell, and what to do about it."""

from __future__ import annotations

import ast
import re

from swimlanes import course
from swimlanes.checks.exercises import exercise, words_in


def missing_in(error: BaseException) -> str:
    """Return the name that an exception misses; empty for an exception about something else."""
    if not isinstance(error, NameError | ImportError):
        return ""
    name = getattr(error, "name_from", None) or error.name or ""  # the former from Python 3.12 on
    return str(name).rpartition(".")[2]


def unrun(name: str, origin: str) -> str:
    """Return what is said where a name is missing that a cell of the lesson makes."""
    return (
        f"Run the cells above first: `{name}` comes from the cell with `{origin}`. After a restart "
        "of the kernel, all of them must run again. In JupyterLab, the menu “Run” has “Run All "
        "Above Selected Cell”."
    )


def in_module(name: str) -> str:
    """Return what is said of a function's name that misses its module; empty for other names."""
    module = course.module_with(name)
    return f"`{name}` is in the module `{module}`: write `{module}.{name}`." if module else ""


def remedy(name: str, cell: str) -> str:
    """Return what to do about a name that is missing in a cell; empty if that is not known.

    Parameters
    ----------
    name : str
        A variable, a function or a module.
    cell : str
        The source of the cell that has just failed.
    """
    if word := _word(name, cell):
        return f"`{name}` is not defined. If you mean the word, write it in quotes: `{word!r}`."
    if origin := course.origin(name, cell):
        return unrun(name, origin)
    if said := in_module(name):
        return said
    if _is_checked(name, cell) and name not in course.names_in(cell):
        return (
            f"The check in this cell looks for `{name}`, and no cell has made it yet. Your answer "
            "must have this name, and its cell must run before the check."
        )
    return ""


def syntax_remedy(error: SyntaxError, cell: str) -> str:
    """Return what to do about a line that is no Python; empty if Python's own words must do."""
    lines = cell.splitlines()
    if not error.lineno or error.lineno > len(lines) or (error.text or "").strip() not in cell:
        return ""
    said, where = str(error.msg), f"in line {error.lineno}"
    bare = _QUOTED.sub("", lines[error.lineno - 1])
    if "?" in bare:
        return (
            f"The `?` {where} stands for your answer. Replace each `?` by a number, or by a word "
            "in quotes."
        )
    if said.startswith("unterminated"):
        return (
            f"A quote is missing {where}: a text begins and ends with the same sign, `'` or `\"`."
        )
    if said.startswith("positional argument follows keyword"):
        return (
            f"If numbers with commas between them are one text {where}, write them in quotes, as "
            "in `lengths='1,8,1.5,2'`."
        )
    word = next((word for word in _words(cell) if re.search(rf"\b{re.escape(word)}\b", bare)), "")
    return f"If you mean the word {where}, write it in quotes: `{word!r}`." if word else ""


_QUOTED = re.compile(r"""'[^']*'|"[^"]*"|#.*$""")


def _word(name: str, cell: str) -> str:
    """Return the word that may be meant by a name, of those that the answers to a cell have."""
    if name in course.names_in(cell):
        return ""
    return next((word for word in _words(cell) if name in (word, word.partition("-")[0])), "")


def _words(cell: str) -> list[str]:
    """Return the words that the answers to a cell have."""
    calls = re.findall(r"\bchecks\.(\w+)\(", cell)
    given = [found for found in map(exercise, calls) if found]
    return [word for each in given for word in words_in(each.solution)]


def _is_checked(name: str, cell: str) -> bool:
    """Return whether a cell gives something of this name to a check."""
    try:
        calls = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError):
        return False
    return any(
        ast.unparse(call.func).startswith("checks.")
        and any(isinstance(part, ast.Name) and part.id == name for part in call.args)
        for call in calls
    )
