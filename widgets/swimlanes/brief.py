"""Values, texts and counts in few words, so that sentences stay short, whatever the values are."""

from __future__ import annotations

import reprlib

HEAD, TAIL = 220, 80
"""How many characters of a longer text are shown: from its beginning, and from its end."""

_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = 60


def shown(value: object) -> str:
    """Return a short ``repr`` of a value, also of one that has none.

    Examples
    --------
    >>> shown("tcp://10.0.0.2:8786"), shown(10**5000)
    ("'tcp://10.0.0.2:8786'", '<int that cannot be shown>')
    """
    try:
        return cut(_repr.repr(value))
    except Exception:  # Python prints no integer of more than 4300 digits; others have bugs
        return f"<{type(value).__name__} that cannot be shown>"


def quoted(text: str) -> str:
    """Return a name, such as a file's, in quotes.

    Examples
    --------
    >>> quoted("run.json")
    "'run.json'"
    """
    return cut(repr(text))


def cut(text: str) -> str:
    """Return a text that is short enough for a sentence.

    Examples
    --------
    >>> len(cut("x" * 50_000_000))
    301
    """
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}…{text[-TAIL:]}"


def size(size_bytes: float) -> str:
    """Return a size as memory and files have it, in MB or GB.

    Examples
    --------
    >>> size(64 * 2**20), size(2 * 2**30)
    ('67 MB', '2.1 GB')
    """
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.0f} MB"


def plural(count: int, noun: str) -> str:
    """Return the count with its noun, in the plural unless it is one.

    Examples
    --------
    >>> plural(1, "worker"), plural(2, "process")
    ('1 worker', '2 processes')
    """
    ending = "" if count == 1 else "es" if noun.endswith("s") else "s"
    return f"{count} {noun}{ending}"
