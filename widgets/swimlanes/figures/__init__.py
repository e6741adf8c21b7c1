"""Runs, studies and comparisons as matplotlib figures, for notebooks and reports.

Every function draws on the axes it is given, or on a new figure, and returns the axes. Text, lines
and backgrounds follow matplotlib's settings, so that ``plt.style.use("dark_background")`` works.
"""

from __future__ import annotations

from swimlanes.figures.account import account
from swimlanes.figures.comparison import comparison
from swimlanes.figures.curves import efficiency, speedup
from swimlanes.figures.lanes import lanes
from swimlanes.figures.load import core_load

__all__ = ["account", "comparison", "core_load", "efficiency", "lanes", "speedup"]
