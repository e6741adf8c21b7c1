"""Text becomes markup here and nowhere else: SVG for the pictures, HTML for what is around them.

A record may come from anybody, and so may a worker's name or an error's words: they are text, never
markup. `markup` fills a template, written in our own code, with values and escapes what is text.
Whatever shows markup takes a `Markup` and refuses a plain string, so nothing can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup, escape

__all__ = ["NOTHING", "Markup", "join", "legible", "markup", "short", "stylesheet"]

NOTHING = Markup()
_AS_IT_IS = (Markup, float, int)
LONGEST_NAME = 80
_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters: XML forbids most, a terminal obeys some
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of writing, also of what stands after them
    "\ud800-\udfff\ufffe\uffff]"  # no characters at all
)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def markup(template: str, *values: str | float, **named: str | float) -> Markup:
    """Return a template of SVG or HTML, filled with values.

    Parameters
    ----------
    template : str
        A literal, with fields as in `str.format`; every attribute in it stands between quotes.
    *values, **named : str or float
        What to fill in: numbers and `Markup` as they are, text escaped.

    Examples
    --------
    >>> markup('<b title="{}">{:.1f}</b>', "<i>", 2)
    Markup('<b title="&lt;i&gt;">2.0</b>')
    """
    # Not Markup.format, which takes several times as long: a picture has some eighty pieces.
    fitting = {name: _fitting(value) for name, value in named.items()} if named else named
    return Markup(template.format(*map(_fitting, values), **fitting))


def join(pieces: Iterable[Markup]) -> Markup:
    """Return pieces of markup one after the other."""
    pieces = tuple(pieces)
    return markup("{}" * len(pieces), *pieces)


def stylesheet(file: str) -> Markup:
    """Return one of the package's own style sheets as an element, by its path in the package."""
    rules = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return markup("<style>{}</style>", Markup(rules))


def legible(text: str) -> str:
    r"""Return text without what cannot be shown or would steer the place where it is shown.

    Examples
    --------
    >>> legible("red \x1b[31m, two\r\nlines")
    'red �[31m, two\nlines'
    """
    if text.isprintable():
        return text
    return _NOT_SHOWN.sub(_REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def short(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name, or its beginning if it is too long to be shown.

    Examples
    --------
    >>> short("count-down"), short("count-down", most=6)
    ('count-down', 'count…')
    """
    return name if len(name) <= most else name[: most - 1] + "…"


def _fitting(value: str | float) -> str | float:
    return value if isinstance(value, _AS_IT_IS) else escape(legible(value))
