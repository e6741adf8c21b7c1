"""A real class: hub, proxy and participants' servers on a real engine, removed afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

# The hub's own code lies in its image and is no package of ours.
sys.path.append(str(Path(__file__).parents[2] / "image" / "hub"))
