import random

import pytest

from swimlanes import metrics


@pytest.mark.parametrize("workers", [1, 2, 7])
@pytest.mark.parametrize("seed", range(30))
def test_the_losses_add_up_from_the_workers_to_the_speedup(random_run, seed, workers):
    one, many = random_run(seed, lanes=1), random_run(seed + 1000, workers)
    serial = metrics.account(one.lanes, **one.moments)
    parallel = metrics.account(many.lanes, **many.moments)
    speedup = metrics.speedup(serial.wall_time_s, parallel.wall_time_s)
    losses = metrics.where_it_went(serial, parallel)
    assert list(losses) == [*metrics.PARTS, "remainder"]
    assert sum(losses.values()) == pytest.approx(workers - speedup)


def test_the_losses_add_up_even_if_the_accounts_do_not():
    torn = metrics.LaneTotals(0.0, 0.0, 1.0, in_tasks_s=3.0, cpu_s=0.5, waiting_s=0.0)
    moments = {"map_start_s": 0.0, "map_end_s": 1.0, "wall_time_s": 1.0}
    serial = metrics.account([torn._replace(in_tasks_s=1.0)], **moments)
    losses = metrics.where_it_went(serial, metrics.account([torn, torn], **moments))
    assert losses["remainder"] == pytest.approx(-4.0)
    assert sum(losses.values()) == pytest.approx(2 - 1)


def test_what_the_serial_account_leaves_over_is_taken_off():
    torn = metrics.LaneTotals(0.0, 0.0, 1.0, in_tasks_s=1.5, cpu_s=1.5, waiting_s=0.0)
    moments = {"map_start_s": 0.0, "map_end_s": 1.0, "wall_time_s": 1.0}
    serial = metrics.account([torn], **moments)
    assert serial.remainder_s == -0.5
    assert metrics.where_it_went(serial, serial)["remainder"] == 0.0


def test_computing_faster_than_the_serial_run_is_a_gain():
    def run(*useful_s):
        lanes = [metrics.LaneTotals(0.0, 0.0, cpu_s, cpu_s, cpu_s, 0.0) for cpu_s in useful_s]
        end_s = max(useful_s)
        return metrics.account(lanes, map_start_s=0.0, map_end_s=end_s, wall_time_s=end_s)

    losses = metrics.where_it_went(run(1.0), run(0.4, 0.4))
    assert {part: loss for part, loss in losses.items() if loss} == {"useful": pytest.approx(-0.5)}


def test_a_serial_run_has_one_lane(random_run):
    seen = random_run(0, lanes=2)
    run = metrics.account(seen.lanes, **seen.moments)
    with pytest.raises(ValueError, match="one lane, but this one has 2"):
        metrics.where_it_went(run, run)


@pytest.mark.parametrize("digits", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", range(20))
def test_rounded_values_add_up_to_the_rounded_total(seed, digits):
    dice = random.Random(seed)
    values = {f"part {i}": dice.uniform(-1, 2) for i in range(dice.randint(1, 12))}
    total = sum(values.values())
    rounded = metrics.round_to_sum(values, total, digits)
    assert list(rounded) == list(values)
    assert round(sum(rounded.values()), digits) == round(total, digits)
    assert all(abs(rounded[name] - values[name]) < 10**-digits for name in values)
    assert all(value == round(value, digits) for value in rounded.values())


def test_the_total_may_be_rounded_already():
    assert metrics.round_to_sum({"imbalance": 0.26, "tail": 0.09}, 0.4, 1) == {
        "imbalance": 0.3,
        "tail": 0.1,
    }
    assert metrics.round_to_sum({"imbalance": 0.26, "tail": 0.09}, 0.3, 1) == {
        "imbalance": 0.2,
        "tail": 0.1,
    }


def test_what_lost_most_by_rounding_down_is_rounded_up():
    values = {"tail": 0.14, "imbalance": 9.16}
    assert metrics.round_to_sum(values, 9.3, 1) == {"tail": 0.1, "imbalance": 9.2}


def test_the_total_is_rounded_as_it_is_printed():
    assert f"{0.35:.1f}" == "0.3"
    assert metrics.round_to_sum({"tail": 0.35}, 0.35, 1) == {"tail": 0.3}


def test_nothing_adds_up_to_nothing():
    assert metrics.round_to_sum({}, 0.0, 1) == {}


@pytest.mark.parametrize("total", [0.3, 0.5, -0.4])
def test_another_total_is_refused(total):
    with pytest.raises(ValueError, match=f"not to {total}"):
        metrics.round_to_sum({"imbalance": 0.3, "tail": 0.1}, total, 1)
