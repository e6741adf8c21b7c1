"""The control panel: sliders on one side, what the pool does on the other."""

from __future__ import annotations

from swimlanes.panel.control_panel import ControlPanel

__all__ = ["ControlPanel"]
