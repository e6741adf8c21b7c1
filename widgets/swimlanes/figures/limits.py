"""What a speedup can be at most, as lines."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from swimlanes.drawing import look
from swimlanes.drawing.possible import fit_worth_telling, longest_task_binds, possible_in_any
from swimlanes.drawing.svg import plural
from swimlanes.figures.ground import LINE, shade
from swimlanes.metrics import AmdahlFit
from swimlanes.records import ScalingPoint, ScalingStudy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Value = Callable[[ScalingPoint, float], float]
"""What is drawn of a point's speedup."""


def ideal(ax: Axes) -> None:
    """Draw the line on which n workers are n times as fast."""
    ax.axline((0, 0), slope=1, color=shade(ax, LINE), linestyle="--", linewidth=1, label="ideal")


def staircase(studies: Sequence[ScalingStudy], ax: Axes, value: Value) -> None:
    """Draw what is possible in the best of several ways to do the same work."""
    points = studies[0].points
    if not points:
        return
    lanes = [point.lanes for point in points]
    edges = [lanes[0] - 0.5, *((a + b) / 2 for a, b in itertools.pairwise(lanes))]
    values = [value(point, possible_in_any(studies, point.workers)) for point in points]
    ax.stairs(
        values, [*edges, lanes[-1] + 0.5], baseline=None, color=shade(ax, LINE), linewidth=1.4,
        label="possible (chunks, cores)",
    )  # fmt: skip


def cores(study: ScalingStudy, ax: Axes) -> None:
    """Mark the number of cores that could be used."""
    label = plural(study.usable_cores, "core")
    ax.axvline(study.usable_cores, color=look.CORES, linestyle=":", linewidth=1.5, label=label)


def longest_task(study: ScalingStudy, ax: Axes) -> None:
    """Draw what the longest task allows, where tasks differ and it is within reach."""
    most = max((point.lanes for point in study.points), default=1)
    if longest_task_binds(study, most):
        ceiling = study.longest_task_ceiling
        ax.axhline(
            ceiling, color=look.WAITING, linestyle=(0, (6, 2)), linewidth=1.4,
            label=f"longest task allows {ceiling:.2f}",
        )  # fmt: skip


def serial_part(fit: AmdahlFit) -> str:
    """Name the serial fraction with its standard error.

    Examples
    --------
    >>> serial_part(AmdahlFit(serial_fraction=0.025, stderr=0.01, points=3))
    'serial part 2.5% ± 1.0%'
    """
    error = "" if fit.stderr is None else f" ± {fit.stderr:.1%}"
    return f"serial part {fit.serial_fraction:.1%}{error}"


def amdahl(study: ScalingStudy, ax: Axes) -> None:
    """Draw Amdahl's law, as fitted, up to the number of cores; beyond, it says nothing."""
    fit = fit_worth_telling(study)
    if fit is None:
        return
    numbers = range(1, study.usable_cores + 1)
    label = f"Amdahl, {serial_part(fit)}"
    colour = shade(ax, 1.0)
    ax.plot(numbers, [fit.speedup(n) for n in numbers], color=colour, linestyle="-.", label=label)
    bounds = [pair for n in numbers if (pair := fit.bounds(n)) is not None]
    if bounds:
        lows, highs = zip(*bounds, strict=True)
        ax.fill_between(numbers, lows, highs, color=colour, alpha=0.15, linewidth=0)
