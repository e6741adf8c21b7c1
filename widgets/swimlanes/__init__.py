"""Swimlanes: see your Pool at work.

``run`` measures one run, ``study`` a whole speedup curve, ``compare`` a curve for every way there
is. ``usable_cores`` says how many cores there are to use and why, ``ControlPanel`` shows it all
live in a notebook, and ``watch``, or ``%%lanes`` above a cell, what plain code does. ``save`` and
``load`` keep what was measured as a file. ``contents`` shows the lessons of the course.
"""

from __future__ import annotations

import sys

# Only what Python has loaded anyway: a participant's file may hide everything else, and the message
# about that comes from here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from swimlanes.comparing import compare
    from swimlanes.cores import usable_cores
    from swimlanes.keep import load, save
    from swimlanes.measure import run
    from swimlanes.panel import ControlPanel
    from swimlanes.scaling import study
    from swimlanes.start_page import contents
    from swimlanes.watching import watch

__version__ = "1.0.0"

__all__ = [
    "ControlPanel", "compare", "contents", "load", "run", "save", "study", "usable_cores", "watch",
]  # fmt: skip

# The runner imports this package too, so nothing heavy may load before it is asked for.
_HOMES = {
    "ControlPanel": "swimlanes.panel",
    "compare": "swimlanes.comparing",
    "contents": "swimlanes.start_page",
    "load": "swimlanes.keep",
    "run": "swimlanes.measure",
    "save": "swimlanes.keep",
    "study": "swimlanes.scaling",
    "usable_cores": "swimlanes.cores",
    "watch": "swimlanes.watching",
}
_ROOMS = ("checks", "figures", "quizzes")
"""Modules that participants use by their names."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute can be anything
    """Import a public name when it is first used."""
    if name not in _HOMES and name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from swimlanes import hiding

    home = _HOMES.get(name, f"{__name__}.{name}")
    with hiding.Told():
        __import__(home)
    return sys.modules[home] if name in _ROOMS else getattr(sys.modules[home], name)


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - an InteractiveShell
    """Make ``%%lanes`` known, let matplotlib follow the theme, say which cell makes a missing name.

    A lesson in a subfolder finds the modules of its course, too. For ``%load_ext swimlanes``.
    """
    from swimlanes import course
    from swimlanes.plots import follow_the_theme
    from swimlanes.watching.cells import Cells

    Cells(shell)
    follow_the_theme(shell)
    shell.set_custom_exc((NameError, ImportError, SyntaxError), _show_missing)
    course.find_modules()


def _show_missing(
    shell: Any,  # noqa: ANN401
    kind: type[BaseException],
    error: BaseException,
    traceback: Any,  # noqa: ANN401
    tb_offset: int | None = None,
) -> None:
    """Show an exception as usual, and below it what to do, where the lesson's cells tell that."""
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
    from swimlanes.checks.missing import missing_in, remedy, syntax_remedy
    from swimlanes.checks.ways_out import Help

    cell = shell.history_manager.input_hist_raw[-1]
    if isinstance(error, SyntaxError):
        said = syntax_remedy(error, cell)
    else:
        name = missing_in(error)
        said = "" if name in shell.user_ns else remedy(name, cell)
    if said:
        from IPython.display import display

        display(Help("", said))
