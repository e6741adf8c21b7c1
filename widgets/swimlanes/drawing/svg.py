"""Small helpers to write SVG text: pictures and what they are made of, ticks, numbers."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from swimlanes.drawing import look
from swimlanes.errors import RequestError
from swimlanes.markup import NOTHING, Markup, join, markup

LETTER, LINE = 6.2, 15
"""What a letter of the text takes at most on average, and the pitch of its lines, px."""
_BOLD, _BESIDE = 7.2, 6.5
"""The same for a heading, and for what stands beside it."""
_LEAST = 0.6
"""A picture shrinks to this share of its natural width; where there is less room it scrolls."""
_NAME = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
"""A picture's name stands in its style sheet too, where text cannot be escaped."""
_SENTENCE = re.compile(r'aria-label="([^"]*)"')
_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


def picture(name: str, size: tuple[int, int], sentence: str, body: Markup) -> Markup:
    """Return a whole SVG element; its styles are bound to its name, unique on the page.

    The size is that at which it is natural: a picture grows and shrinks with its container, but
    not so far that nobody could read it. The sentence says what it shows, for those who cannot see
    it.
    """
    if not _NAME.fullmatch(name):
        raise RequestError(
            f"{name!r} cannot be a picture's name: begin with a letter from A to z, and go on with "
            "these, digits, - and _."
        )
    return markup(
        '<svg id="{}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" '
        'role="img" aria-label="{}" style="display:block;width:100%;min-width:{}px;height:auto">'
        "{}{}</svg>",
        name,
        *size,
        sentence,
        round(_LEAST * size[0]),
        look.stylesheet(name, body),
        body,
    )


def size_of(picture: str) -> tuple[int, int]:
    """Return width and height of a picture, px at natural size."""
    found = _SIZE.search(picture)
    assert found is not None
    return int(found[1]), int(found[2])


def sentence_of(picture: Markup) -> str:
    """Return what a picture says to those who cannot see it."""
    found = _SENTENCE.search(picture)
    assert found is not None
    return picture[slice(*found.span(1))].unescape()


def notice(name: str, size: tuple[int, int], heading: str, sentence: str) -> Markup:
    """Return a picture that holds no data yet: a heading and what to do, in a quiet frame."""
    width, height = size
    lines = _lines(sentence, width - 24)
    first = height / 2 + 15 - LINE * (len(lines) - 1) / 2
    frame = markup(
        '<rect class="d" x="1" y="26" width="{}" height="{}" rx="4"/>', width - 2, height - 32
    )
    said = (text_at(width / 2, first + LINE * i, line, "f m") for i, line in enumerate(lines))
    body = join([text_at(0, 14, heading, "h"), frame, *said])
    return picture(name, size, f"{heading}. {sentence}", body)


class Headline(NamedTuple):
    """The heading of a picture, and where its last line stands, px."""

    drawn: Markup
    bottom: int


def headline(width: float, what: str, *details: str, below: bool = False) -> Headline:
    """Write the heading of a picture, and beside it, or else below, what is less important.

    Details that change stand `below` in any case, so that nothing moves when they grow. Some
    programs leave out a space at the beginning of a part of a text, unless it is a hard one.
    """
    beside = " · ".join(details)
    if not below and len(what) * _BOLD + (len(beside) + 3) * _BESIDE <= width:
        faint = markup('<tspan class="f">\N{NO-BREAK SPACE}· {}</tspan>', beside)
        return Headline(text_at(0, 14, what + faint if details else what, "h"), 14)
    lines = wrapped(details, width)
    faint = join(text_at(0, 14 + LINE * n, line, "f") for n, line in enumerate(lines, start=1))
    return Headline(text_at(0, 14, what, "h") + faint, 14 + LINE * max(1, len(lines)))


def wrapped(parts: Iterable[str], width: float) -> list[str]:
    """Return parts with a dot between them, in lines that are not wider than `width` px."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and len(longer) * LETTER <= width:
            lines[-1] = longer
        else:
            lines += _lines(part, width)
    return lines


def _lines(text: str, width: float) -> list[str]:
    # Never broken at a hyphen, where the name of an option would end.
    return textwrap.wrap(text, int(width / LETTER), break_on_hyphens=False)


def text_at(
    x: float, y: float, said: str | int, kind: str = "", *, style: str = "", title: str = ""
) -> Markup:
    """Write at a place, in the style of `kind`; the title tells more under the mouse."""
    return markup(
        '<text class="{}" x="{:.1f}" y="{:.1f}"{}>{}{}</text>',
        kind,
        x,
        y,
        _style(style),
        said,
        tooltip(title),
    )


def path_of(shape: str, kind: str = "", *, style: str = "", title: str = "") -> Markup:
    """Draw a path in the style of `kind`; the title tells more under the mouse."""
    return markup('<path class="{}" d="{}"{}>{}</path>', kind, shape, _style(style), tooltip(title))


def group(title: str, *pieces: Markup, style: str = "") -> Markup:
    """Put pieces together that share a title, which is seen under the mouse, and a style."""
    return markup("<g{}>{}{}</g>", _style(style), tooltip(title), join(pieces))


def box(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    """Draw a box in the style of `kind`, or nothing where it would be too narrow to see."""
    return path_of(outline(x, y, width, height), kind) if width >= 0.05 else NOTHING


def outline(x: float, y: float, width: float, height: float) -> str:
    """Return a box as a piece of a path: equal boxes may share one."""
    return f"M{x:.1f} {y:.4g}h{width:.1f}v{height:.4g}h-{width:.1f}z"


def _style(style: str) -> Markup:
    return markup(' style="{}"', style) if style else NOTHING


def tooltip(title: str) -> Markup:
    """Return the title of an element, which is seen under the mouse, or nothing without one."""
    return markup("<title>{}</title>", title) if title else NOTHING


def ticks(upper: float, at_most: int) -> list[float]:
    """Return round values from 0 to `upper`, a step of 1, 2 or 5 times a power of ten apart.

    Examples
    --------
    >>> ticks(1.3, at_most=7)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2]
    """
    rough = upper / at_most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * 0.999)
    return [round(i * step, 9) for i in range(int(upper / step * 1.0001) + 1)]


def duration(seconds: float) -> str:
    """Return a time with three digits and its unit, which stay on one line.

    Examples
    --------
    >>> duration(1.294) == "1.29\N{NO-BREAK SPACE}s"
    True
    """
    return _in_ms(seconds) if seconds < _IN_MS else _in_s(seconds)


def telling(times_s: Iterable[float]) -> Callable[[float], str]:
    """Return what tells each of these times as `duration` does, but all with the same unit.

    Examples
    --------
    >>> tell = telling([0.0121, 1.294])
    >>> [tell(seconds).replace("\N{NO-BREAK SPACE}", " ") for seconds in (0.0121, 1.294)]
    ['12.1 ms', '1290 ms']
    """
    times = [seconds for seconds in times_s if seconds > 0]
    return _in_ms if min(times, default=0) < _IN_MS and max(times, default=0) < 10 else _in_s


_IN_MS = 0.0995
"""A shorter time is told in ms, if it stands alone."""


def _in_ms(seconds: float) -> str:
    ms = round(seconds * 1000, 6)  # a sum of shares may miss 0 by less than a nanosecond
    return f"{_three_digits(ms)}\N{NO-BREAK SPACE}ms"


def _in_s(seconds: float) -> str:
    told = f"{seconds:.0f}" if seconds >= 999 else _three_digits(seconds)
    return f"{told}\N{NO-BREAK SPACE}s"


def _three_digits(number: float) -> str:
    return f"{Decimal(f'{number:.3g}'):f}"  # which writes no exponent


def amount(size: int) -> str:
    """Return a number of bytes with its unit, which stay on one line.

    Examples
    --------
    >>> amount(1_500_000) == "1.5\N{NO-BREAK SPACE}MB"
    True
    """
    power = min((len(str(size)) - 1) // 3, 3)
    return f"{size / 1000**power:g}\N{NO-BREAK SPACE}{('B', 'kB', 'MB', 'GB')[power]}"


def spread(
    wanted: Sequence[float], heights: Sequence[float], lowest: float, highest: float
) -> list[float]:
    """Return upper edges close to those `wanted`, such that nothing overlaps, within limits.

    The edges may come in any order. Where there is too little room, `lowest` is passed.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    free = lowest
    for i in order:
        placed[i] = free = max(wanted[i], free)
        free += heights[i]
    free = highest
    for i in reversed(order):
        placed[i] = free = min(placed[i], free - heights[i])
    return placed
