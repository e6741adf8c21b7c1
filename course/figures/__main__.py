"""Draw all figures into ``course/notebooks/figures``: ``python course/figures``."""

from __future__ import annotations

from pathlib import Path

import all_modes
import core_limits
import gil_timeline
import memory
import near_and_far
import pickle_travel
import scaling_laws
import staircase
import task_size
import when_far_pays
import when_to_choose

FIGURES = {
    "all-modes": all_modes,
    "core-limits": core_limits,
    "gil-timeline": gil_timeline,
    "memory": memory,
    "near-and-far": near_and_far,
    "pickle-travel": pickle_travel,
    "scaling-laws": scaling_laws,
    "staircase": staircase,
    "task-size": task_size,
    "when-far-pays": when_far_pays,
    "when-to-choose": when_to_choose,
}
FOLDER = Path(__file__).resolve().parents[1] / "notebooks" / "figures"


def main() -> None:
    """Write the figures."""
    FOLDER.mkdir(exist_ok=True)
    for name, figure in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(figure.draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
