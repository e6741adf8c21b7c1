import pytest

from swimlanes import metrics


def lane_with(**parts):
    return metrics.LaneAccount(**dict.fromkeys(metrics.LaneAccount._fields, 0.0) | parts)


def account_of(*lanes, wall_time_s=1.0, throttled_s=0.0, others_busy_s=0.0):
    return metrics.Account(lanes, wall_time_s, throttled_s, others_busy_s)


@pytest.mark.parametrize(
    ("throttled_s", "others_busy_s", "causes"),
    [
        (0.0, 0.0, (0.0, 0.0, 1.0)),
        (0.5, 0.0, (0.5, 0.0, 0.5)),
        (0.0, 0.25, (0.0, 0.25, 0.75)),
        (0.5, 0.25, (0.5, 0.25, 0.25)),
        (0.5, 2.0, (0.5, 0.5, 0.0)),
        (3.0, 2.0, (1.0, 0.0, 0.0)),
    ],
)
def test_a_quota_explains_waiting_first_then_a_neighbour(throttled_s, others_busy_s, causes):
    lanes = lane_with(waiting=0.75), lane_with(waiting=0.25)
    run = account_of(*lanes, throttled_s=throttled_s, others_busy_s=others_busy_s)
    assert (run.throttled, run.neighbour, run.oversubscribed) == causes


@pytest.mark.parametrize("part", metrics.LaneAccount._fields)
def test_a_sum_adds_up_the_lanes(part):
    run = account_of(lane_with(**{part: 0.25}), lane_with(**{part: 0.5}))
    assert getattr(run, part) == 0.75
    assert sum(run.parts.values()) == 0.75
    assert run.remainder_s == 2.0 - 0.75


@pytest.mark.parametrize("seed", range(20))
def test_parallel_efficiency_is_load_balance_times_communication_efficiency(random_run, seed):
    seen = random_run(seed, lanes=4)
    run = metrics.account(seen.lanes, **seen.moments)
    product = run.load_balance * run.communication_efficiency
    assert run.parallel_efficiency == pytest.approx(product)
    assert 0 < run.parallel_efficiency <= run.load_balance <= 1


def test_work_that_only_waits_has_no_efficiency():
    waits = account_of(lane_with(blocked=1.0), lane_with(blocked=1.0))
    assert waits.parallel_efficiency is None
    assert waits.load_balance is None
    assert waits.communication_efficiency is None
    assert metrics.computation_scaling(waits, waits) is None


def test_computing_that_became_slower_scales_below_one():
    serial = account_of(lane_with(useful=0.75))
    parallel = account_of(lane_with(useful=0.5), lane_with(useful=0.5))
    assert metrics.computation_scaling(serial, parallel) == 0.75
