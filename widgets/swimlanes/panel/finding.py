"""Which modes work here: one of them takes a look at another Python, which takes time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

from swimlanes import modes

PATIENCE_S = 0.05
"""How long the panel waits for the answer before it shows itself."""


def find_modes(chosen: str, show: Callable[[Mapping[str, str]], None]) -> None:
    """Offer the modes that work here; the slow ones as soon as they are found.

    Parameters
    ----------
    chosen : str
        The mode at first, which is known to work.
    show : callable
        Takes why each mode does not work, or an empty text. It is called from another thread.
    """
    finder = threading.Thread(
        target=lambda: show(_reasons(modes.MODES)), name="swimlanes-modes", daemon=True
    )
    show(
        _reasons(mode for mode in modes.MODES if mode == chosen or not modes.of(mode).other_python)
    )
    finder.start()
    finder.join(PATIENCE_S)


def _reasons(names: Iterable[str]) -> dict[str, str]:
    return {mode: modes.why_unavailable(mode) for mode in names}
