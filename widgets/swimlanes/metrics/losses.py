"""Where a speedup went: from two accounts to the units of the speedup."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

from swimlanes.metrics.accounts import PARTS, Account


def where_it_went(serial: Account, parallel: Account) -> dict[str, float]:
    """Return what each part took of the n that n workers promise, down to the speedup.

    Parameters
    ----------
    serial : Account
        Account of the serial run: one lane.
    parallel : Account
        Account of the same work on n lanes.

    Returns
    -------
    dict of str to float
        Loss by part, no unit; a negative one is a gain. The keys are `PARTS`, of which
        ``useful`` says that computing became slower, and ``remainder``, what the accounts leave
        over. The values add up to n - S, where S is the serial / the parallel wall time.

    Raises
    ------
    ValueError
        If the serial run has more than one lane.

    Notes
    -----
    The areas are n T and T_serial, so n - S = (n T - T_serial) / T. Both areas are the sums of
    their parts, so each part's difference, divided by T, is its share of the loss.

    Examples
    --------
    >>> from swimlanes.metrics import account, LaneTotals
    >>> whole = LaneTotals(0.0, 0.0, 4.0, in_tasks_s=4.0, cpu_s=4.0, waiting_s=0.0)
    >>> longer = LaneTotals(0.5, 0.5, 3.0, in_tasks_s=2.5, cpu_s=2.5, waiting_s=0.0)
    >>> shorter = LaneTotals(0.5, 0.5, 2.0, in_tasks_s=1.5, cpu_s=1.5, waiting_s=0.0)
    >>> serial = account([whole], map_start_s=0.0, map_end_s=4.0, wall_time_s=4.0)
    >>> parallel = account([longer, shorter], map_start_s=0.5, map_end_s=3.0, wall_time_s=3.2)
    >>> lost = where_it_went(serial, parallel)  # 2 - 4.0 / 3.2 = 0.75
    >>> {part: round(loss, 4) for part, loss in lost.items() if loss}
    {'imbalance': 0.3125, 'startup': 0.3125, 'shutdown': 0.125}
    """
    if len(serial.lanes) != 1:
        raise ValueError(f"A serial run has one lane, but this one has {len(serial.lanes)}.")
    before_s, after_s = serial.parts, parallel.parts
    losses_s = {part: after_s[part] - before_s[part] for part in PARTS}
    losses_s["remainder"] = parallel.remainder_s - serial.remainder_s
    return {part: loss_s / parallel.wall_time_s for part, loss_s in losses_s.items()}


def round_to_sum(values: Mapping[str, float], total: float, digits: int) -> dict[str, float]:
    """Round values so that the rounded ones add up to the rounded total.

    Parameters
    ----------
    values : mapping of str to float
        What to round, by name, any unit.
    total : float
        Their sum, exact or already rounded to `digits`.
    digits : int
        Decimals to keep, at least 0.

    Returns
    -------
    dict of str to float
        Each value rounded up or down, in the same order.

    Raises
    ------
    ValueError
        If `total` is further from the sum of the values than rounding takes it.

    Notes
    -----
    The largest remainder method (Hamilton's, of the apportionment of seats): all are rounded
    down, then those that lost most are rounded up until the total is reached.

    Examples
    --------
    >>> round_to_sum({"imbalance": 0.25, "startup": 0.08, "tail": 0.07}, total=0.4, digits=1)
    {'imbalance': 0.2, 'startup': 0.1, 'tail': 0.1}
    """
    scale = 10**digits
    scaled = {name: value * scale for name, value in values.items()}
    target = round(round(total, digits) * scale)
    if abs(sum(scaled.values()) - target) > 0.5 + 1e-6:
        raise ValueError(f"The values add up to {sum(values.values())}, not to {total}.")
    units = {name: floor(value) for name, value in scaled.items()}
    by_remainder = sorted(units, key=lambda name: units[name] - scaled[name])
    for name in by_remainder[: target - sum(units.values())]:
        units[name] += 1
    return {name: unit / scale for name, unit in units.items()}
