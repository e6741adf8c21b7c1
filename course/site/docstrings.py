"""Docstrings are prepared where napoleon would not read them as they are meant."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

SEVERAL = re.compile(r"(\w+(?:, \w+)+) : (.+)")


def setup(app: Sphinx) -> dict[str, bool]:
    """Have autodoc call `prepare` before napoleon reads a docstring."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", prepare, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare(
    app: Sphinx, what: str, name: str, documented: object, options: object, lines: list[str]
) -> None:
    """Give each of several attributes an entry; keep a property's sentence with a colon whole."""
    if what == "property":
        lines.insert(0, "")  # napoleon takes for a type what is before a colon in the first line
    for number in reversed(range(len(lines))):
        found = SEVERAL.fullmatch(lines[number])
        if not found:
            continue
        end = number + 1
        while end < len(lines) and lines[end].startswith(" "):
            end += 1
        told = lines[number + 1 : end]
        names = found[1].split(", ")
        lines[number:end] = [line for one in names for line in (f"{one} : {found[2]}", *told)]
