"""Which cell of a lesson makes a name."""

from __future__ import annotations

import json
import re
import symtable
from collections.abc import Callable, Iterator

from swimlanes.course import place
from swimlanes.course.texts import EXERCISE, has_tag

_WRITES = re.compile(r"%%writefile\s+(?:-a\s+)?([\w/]+)\.py\b")
_MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)


def origin(name: str, cell: str = "") -> str:
    """Return the line of the cell above `cell` that makes a name in this kernel's notebook.

    It is empty if no cell does, and if there is no such file in the current folder. Of a `cell`
    that is not in the file, each one counts as above it. Exercises make nothing for others but what
    they import.
    """
    written = ""
    for source, is_exercise in _sources():
        if source.strip() == cell.strip():
            break
        if name in names_in(source, only_imports=is_exercise):
            if not _WRITES.match(source.lstrip()):
                return _line(source, name)
            # It makes a file, and the name only for who imports the file: a later cell may do so.
            written = written or _line(source, name)
    return written


def module_with(name: str) -> str:
    """Return the module, written by a cell of this kernel's notebook, that defines a function.

    It is empty if none does.
    """
    for source, _ in _sources():
        written = _WRITES.match(source.lstrip())
        if written and name in _names(source, symtable.Symbol.is_namespace):
            return written[1].rpartition("/")[2]
    return ""


def names_in(source: str, only_imports: bool = False) -> frozenset[str]:
    r"""Return the names that a cell makes: variables, functions, classes, modules.

    Examples
    --------
    >>> sorted(names_in("import os.path as p\nwith p() as q:\n    x = [y for y in q]"))
    ['p', 'q', 'x']
    >>> sorted(names_in("%%writefile my_modules/lookups.py\nwords = None"))
    ['lookups', 'my_modules']
    """
    if written := _WRITES.match(source.lstrip()):
        return frozenset(written[1].split("/"))
    return _names(
        source, lambda symbol: symbol.is_imported() or (symbol.is_assigned() and not only_imports)
    )


def _names(source: str, wanted: Callable[[symtable.Symbol], bool]) -> frozenset[str]:
    try:
        table = symtable.symtable(_MAGIC.sub("", source), "cell", "exec")
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(symbol.get_name() for symbol in table.get_symbols() if wanted(symbol))


def _sources() -> Iterator[tuple[str, bool]]:
    """Yield the sources of the code cells of this kernel's notebook, and which are exercises."""
    path = place.notebook()
    if path is None:
        return
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"]), has_tag(cell, EXERCISE)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return


def _line(source: str, name: str) -> str:
    """Return the first line of a cell in which a name occurs."""
    lines = [line.strip() for line in source.splitlines()]
    return next((line for line in lines if re.search(rf"\b{re.escape(name)}\b", line)), lines[0])
