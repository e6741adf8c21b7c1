"""Notebooks as their files hold them: Jupyter's own, and texts in MyST Markdown.

Both come as what Jupyter's format holds. The same text always gives the same notebook.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict

from swimlanes.fitting import Unfit, fitted

NOTEBOOK, TEXT = ".ipynb", ".md"
EXERCISE, SOLUTION = "exercise", "solution"
"""Tags of two cells, one right after the other; participants do not get the latter."""
MOST_BYTES = 50_000_000
"""A larger file is brought unread, and is no lesson."""

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
"""What a notebook says of its kernel: as much as that says, so that opening it changes nothing."""

Cell = Mapping[str, Any]


class _Metadata(TypedDict, total=False):
    tags: list[str]


class _Cell(TypedDict):
    cell_type: str
    metadata: _Metadata
    source: str | list[str]


class _Notebook(TypedDict):
    """What is read of a notebook; whatever else it holds stays as it is."""

    cells: list[_Cell]


_CODE_CELL = re.compile(r"^`{3,}\s*\{code-cell\}", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n.*?^---\s*?$", re.MULTILINE | re.DOTALL)
_SAYS_MYST = re.compile(r"^\s*format_name:\s*myst\s*$", re.MULTILINE)


def is_notebook(path: Path) -> bool:
    """Return whether a file is a notebook by its name or, if it is Markdown, by what it holds."""
    if path.suffix == NOTEBOOK:
        return True
    if path.suffix != TEXT or path.stat().st_size > MOST_BYTES:
        return False
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    head = _FRONT_MATTER.match(text)
    return bool(_CODE_CELL.search(text) or (head and _SAYS_MYST.search(head[0])))


def read_notebook(path: Path, name: str) -> dict[str, Any]:
    """Return the notebook in a file; `name` tells apart the ids of cells that are made here.

    Raises
    ------
    ValueError
        If it holds no notebook.
    OSError
        If it cannot be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES / 1e6:.0f} MB")
    text = path.read_text(encoding="utf-8-sig")
    notebook = json.loads(text) if path.suffix == NOTEBOOK else _from_myst(text, name)
    try:
        fitted(notebook, _Notebook)
    except Unfit as error:
        raise ValueError(f"it holds no notebook of format 4: {error}") from None
    return dict(notebook)


def notebook_of(cells: Sequence[Cell]) -> dict[str, Any]:
    """Return a notebook with these cells, for Python."""
    return {"cells": list(cells), "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def as_file(notebook: Mapping[str, Any]) -> bytes:
    """Return a notebook as Jupyter writes it."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return (text + "\n").encode(errors="backslashreplace")


def solved(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Yield each exercise with its solution, which is the next cell."""
    for cell, following in pairwise(cells):
        if has_tag(cell, EXERCISE) and has_tag(following, SOLUTION):
            yield cell, following


def without_solutions(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a notebook as participants get it; the same one if there is nothing to leave out."""
    out = {id(solution) for _, solution in solved(notebook["cells"])}
    if not out:
        return notebook
    return {**notebook, "cells": [cell for cell in notebook["cells"] if id(cell) not in out]}


def has_tag(cell: Cell, tag: str) -> bool:
    """Return whether the cell is tagged `tag`."""
    return tag in cell.get("metadata", {}).get("tags", [])


def identities(name: str, cells: Sequence[Cell]) -> Iterator[str]:
    """Yield an id for each cell, made from its notebook's name and its content.

    A new cell does not change its neighbours' ids, which keeps updates of a participant's copy
    small. Cells with equal content are counted.
    """
    seen: Counter[str] = Counter()
    for cell in cells:
        content = f"{name}\n{cell['cell_type']}\n{cell['source']}"
        seen[content] += 1
        yield hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest()[:16]


def _from_myst(text: str, name: str) -> dict[str, Any]:
    try:
        import jupytext  # takes longer than all of a start without it

        # What stands before the text is about a kernel and tools that are not here.
        found = jupytext.reads(_FRONT_MATTER.sub("", text), fmt="md:myst").cells
    except ImportError:
        raise ValueError("reading MyST Markdown needs the package jupytext") from None
    except Exception as error:  # of its parsers, which are several
        raise ValueError(" ".join(str(error).split()) or type(error).__name__) from None
    return notebook_of(
        [
            _cell(cell, identity)
            for cell, identity in zip(found, identities(name, found), strict=True)
        ]
    )


def _cell(cell: Cell, identity: str) -> dict[str, Any]:
    tags = cell["metadata"].get("tags", [])
    kept: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": identity,
        "metadata": {"tags": list(tags)} if tags else {},
        "source": cell["source"].splitlines(keepends=True),
    }
    return kept | ({"execution_count": None, "outputs": []} if "outputs" in cell else {})
