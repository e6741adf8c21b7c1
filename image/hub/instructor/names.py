"""Names under which every system can unpack a home's files, no two of them alike anywhere."""

from __future__ import annotations

import os
import re
import unicodedata

LONGEST_PART = 100
LONGEST_PATH = 200
"""Windows opens no path of 260 characters, and the folder it is unpacked into counts."""
FORBIDDEN = frozenset('<>:"\\|?*')
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)


class SafeNames:
    """Gives each file of a home a path of its own below a folder.

    Parameters
    ----------
    folder : str
        A plain name.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, path: str) -> str:
        """Return the path for a file of the home.

        Examples
        --------
        >>> names = SafeNames("ada")
        >>> names.of("a.ipynb"), names.of("A.ipynb"), names.of("aux.ipynb")
        ('ada/a.ipynb', 'ada/A-2.ipynb', 'ada/_aux.ipynb')
        """
        *folders, name = path.split("/")
        safe, above = self._folder, ""
        for folder in folders:
            above = f"{above}/{folder}"
            # The same folder for all that is in it.
            safe = self._given.get(above) or self._unused(safe, folder)
            self._given[above] = safe
        if len(safe) > LONGEST_PATH:
            safe = f"{self._folder}/deep"
        return self._unused(safe, name)

    def _unused(self, folder: str, name: str) -> str:
        """Return a path that no other one equals where capitals or accents do not count."""
        plain = plain_name(name)
        stem, dot, suffix = plain.rpartition(".")
        path, number = f"{folder}/{plain}", 1
        while _folded(path) in self._taken:
            number += 1
            path = f"{folder}/{stem}-{number}.{suffix}" if dot else f"{folder}/{plain}-{number}"
        self._taken.add(_folded(path))
        return path


def plain_name(name: str) -> str:
    r"""Return a file's name with an underscore for whatever some system forbids.

    Examples
    --------
    >>> plain_name("C:\\evil\n.ipynb"), plain_name("con"), plain_name("dots. . ")
    ('C__evil_.ipynb', '_con', 'dots___')
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    text = "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in text)
    text = re.sub(r"[. ]+$", lambda end: "_" * len(end[0]), text)[-LONGEST_PART:]
    return f"_{text}" if DEVICE.match(text) else text


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path.casefold())
