"""Files of a participant's that hide a module of Python's own, or a package that we need.

A file ``random.py`` beside a script hides Python's own ``random`` from every program that starts
there. Most such files do no harm. So a file is named only if an error points to it.

A file may hide every module that Python does not load first, so nothing else is imported here.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import PathFinder

from swimlanes.errors import SwimlanesError

_INIT = "__init__"
_LIBRARY = (os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(__file__)))
"""Where Python's own modules and this package lie; other packages have a folder of their own."""
_PACKAGES = ("dist-packages", "site-packages")


def told_by(message: str) -> str:
    """Return a sentence about the file that an error's message puts the blame on, or nothing.

    The message says that a module does not have something. If the hidden module does not have it
    either, the program did not mean the hidden module.

    Examples
    --------
    >>> told_by("module 'random' has no attribute 'randint'")  # where nothing is hidden
    ''
    """
    parts = [*message.replace('"', "'").split("'"), "", ""]
    told = (_blame_lack(*parts[at : at + 4]) for at in range(len(parts) - 3))
    return next(filter(None, told), "")


def told_at_start(text: str) -> str:
    """Return such a sentence for a traceback of what happened before the first task, or nothing.

    Then the participant's files are run only because somebody else took them for Python's own.
    """
    places = [part.split('"')[0] for part in text.split('File "')[1:]]
    return told_by(text) or next(filter(None, map(_blame_file, places)), "")


def told_by_error(error: BaseException) -> str:
    """Return such a sentence for an error that was raised where we import something, or nothing."""
    lines = [_message(error), f'File "{getattr(error, "filename", "")}"']
    step = error.__traceback__
    while step is not None:
        lines.append(f'File "{step.tb_frame.f_code.co_filename}"')
        step = step.tb_next
    return told_at_start("\n".join(lines))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # somebody's own kind of error, with a bug
        return ""


class Told:
    """In ``with Told():``, an error that comes from a file that hides something says so."""

    def __enter__(self) -> None:
        """Nothing is to be prepared."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Raise the sentence instead of the error, if there is one."""
        if isinstance(error, Exception | SystemExit) and not isinstance(error, SwimlanesError):
            sentence = told_by_error(error)
            if sentence:
                raise SwimlanesError(sentence) from None


def told_of(name: str) -> str:
    """Return such a sentence for a module of this folder, if Python's own was loaded instead."""
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    hiding = _hiding(name) if _is_library(file) else None
    return _sentence(name, hiding[0]) if hiding else ""


def suspects() -> list[str]:
    """Return all files here that hide something, as sentences call them."""
    found = (_hiding(name) for name in sorted(sys.stdlib_module_names))
    return [_as_known(file) for file, _ in filter(None, found)]


def _blame_lack(before: str, first: str, between: str, second: str) -> str:
    """Tell of a hidden module, if these parts of a message, split at the quotes, name one."""
    if before.endswith("module ") and between.startswith(" has no attribute"):
        return _blame(first, second)
    if between == " from ":
        return _blame(second, first)
    if between.startswith(" is not a package"):
        return _blame(first, _INIT)
    return ""


def _blame(name: str, wanted: str) -> str:
    """Tell of the file that hides a module, if what was wanted is in that module."""
    hiding = _hiding(name)
    return _sentence(name, hiding[0]) if hiding and _holds(hiding[1], wanted) else ""


def _blame_file(place: str) -> str:
    """Tell of the file that hides a module, if it is the one at that place."""
    folder, file = os.path.split(place)
    name = file.partition(".")[0]
    name = os.path.basename(folder) if name == _INIT else name
    hiding = None if _is_library(place) else _hiding(name)
    return _sentence(name, hiding[0]) if hiding else ""


def _holds(original: str, wanted: str) -> bool:
    """Return whether a module has a name, as far as its source tells; if not, suppose so."""
    if wanted == _INIT:  # a package is wanted
        return _INIT in original
    if not original.endswith(".py"):
        return True
    with open(original, encoding="utf-8", errors="replace") as file:
        source = file.read()
    return wanted in source or "import *" in source or "globals()" in source


def _hiding(name: str) -> tuple[str, str] | None:
    """Return the file that hides a module, and the module's own file, if it is hidden."""
    if not name.isidentifier() or name in sys.builtin_module_names:
        return None
    found = [file for file in (_file_of(name, place) for place in _places()) if file]
    first, *others = found or [""]
    if not first or _is_library(first):
        return None
    return next(((first, other) for other in others if _is_library(other)), None)


def _places() -> list[str]:
    """Return the folders in which modules are looked for, as a runner does: here first."""
    try:
        here = os.getcwd()
    except OSError:  # it has been removed
        return [place for place in sys.path if place]
    return [os.path.join(here, place) for place in ("", *sys.path)]


def _file_of(name: str, place: str) -> str | None:
    """Return the file from which a module would be imported; a folder without code hides none."""
    spec = PathFinder.find_spec(name, [place])
    return spec.origin if spec and spec.loader else None


def _is_library(file: str) -> bool:
    folder = os.path.dirname(file)
    folder = os.path.dirname(folder) if os.path.basename(file).startswith(_INIT) else folder
    return folder in _LIBRARY or os.path.basename(folder) in (*_PACKAGES, "lib-dynload")


def _sentence(name: str, file: str) -> str:
    kind = "Python's own module" if name in sys.stdlib_module_names else "the package"
    return f"{_as_known(file)} hides {kind} `{name}`: rename it."


def _as_known(file: str) -> str:
    """Return a file's name as a participant knows it: a package by its folder."""
    if os.path.basename(file).startswith(_INIT):
        file = os.path.join(os.path.dirname(file), "")
    here = os.path.join(os.getcwd(), "")
    if not file.startswith(here):
        return file
    known = file.removeprefix(here)
    return known if os.sep in known.rstrip(os.sep) else f"{known} in this folder"
