"""Runs made of random moments whose lanes are well formed: ready, tasks in a row, map's end."""

import random
from typing import NamedTuple

import pytest

from swimlanes import metrics


class Seen(NamedTuple):
    """What `metrics.account` is given."""

    lanes: list
    moments: dict


def lane_of(dice, begin_s, end_s):
    """Return a lane with tasks somewhere between two moments, or without any task."""
    ready_s = dice.choice([0.0, begin_s])
    first_s, last_s = sorted(dice.uniform(begin_s, end_s) for _ in range(2))
    if dice.random() < 0.2:
        return metrics.LaneTotals(dice.choice([None, ready_s]), None, None, 0.0, 0.0, 0.0)
    in_tasks_s = (last_s - first_s) * dice.random()
    cpu_s = in_tasks_s * dice.random()
    waiting_s = (in_tasks_s - cpu_s) * dice.random()
    return metrics.LaneTotals(ready_s, first_s, last_s, in_tasks_s, cpu_s, waiting_s)


def random_run(seed, lanes):
    """Return a run whose lanes have tasks, or not, at random moments."""
    dice = random.Random(seed)
    start_s, begin_s, end_s, wall_s = sorted(dice.uniform(0, 10) for _ in range(4))
    return Seen(
        [lane_of(dice, begin_s, end_s) for _ in range(lanes)],
        {
            "map_start_s": start_s,
            "map_end_s": end_s,
            "wall_time_s": wall_s,
            "throttled_s": dice.choice([0.0, dice.random()]),
            "others_busy_s": dice.choice([0.0, dice.random()]),
        },
    )


@pytest.fixture(name="random_run")
def random_run_fixture():
    """Return the function that makes a run from a seed."""
    return random_run
