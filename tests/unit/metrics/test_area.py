import pytest

from swimlanes import metrics

LANE = metrics.LaneTotals(0.1, 0.2, 1.0, in_tasks_s=0.7, cpu_s=0.7, waiting_s=0.0)
MOMENTS = {"map_start_s": 0.1, "map_end_s": 1.2, "wall_time_s": 1.5}


def lane_account(lane, **moments):
    """Return the account of a lane that runs beside `LANE`."""
    return metrics.account([LANE, lane], **MOMENTS | moments).lanes[1]


@pytest.mark.parametrize("lanes", [1, 2, 5])
@pytest.mark.parametrize("seed", range(30))
def test_well_formed_lanes_leave_no_remainder(random_run, seed, lanes):
    seen = random_run(seed, lanes)
    run = metrics.account(seen.lanes, **seen.moments)
    assert run.remainder_s == pytest.approx(0.0, abs=1e-9)
    assert sum(run.parts.values()) == pytest.approx(run.area_s)
    assert min(run.parts.values()) >= 0
    assert all(lane.total == pytest.approx(run.wall_time_s) for lane in run.lanes)


def test_every_part_of_a_lane():
    lane = metrics.LaneTotals(0.15, 0.2, 0.9, in_tasks_s=0.6, cpu_s=0.3, waiting_s=0.2)
    assert lane_account(lane) == metrics.LaneAccount(
        startup=0.15,
        dispatch=pytest.approx(0.15),
        useful=0.3,
        waiting=0.2,
        blocked=pytest.approx(0.1),
        imbalance=pytest.approx(0.1),
        tail=pytest.approx(0.2),
        shutdown=pytest.approx(0.3),
    )


def test_a_worker_that_was_ready_early_starts_up_until_map_is_called():
    lane = metrics.LaneTotals(0.05, 0.4, 1.0, in_tasks_s=0.6, cpu_s=0.6, waiting_s=0.0)
    assert lane_account(lane, map_start_s=0.3).startup == 0.3


@pytest.mark.parametrize(
    ("under_way_s", "transfer_s", "dispatch_s"),
    [(0.0, 0.0, 0.25), (0.1, 0.1, 0.15), (0.25, 0.25, 0.0), (0.75, 0.25, 0.0)],
)
def test_messages_are_under_way_between_tasks_and_no_longer(under_way_s, transfer_s, dispatch_s):
    lane = lane_account(
        metrics.LaneTotals(0.25, 0.5, 1.0, 0.5, 0.5, 0.0, transfer_s=under_way_s), map_start_s=0.25
    )
    assert (lane.transfer, lane.dispatch) == pytest.approx((transfer_s, dispatch_s))
    assert lane.total == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("seen", "parts"),
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.25)),
        ((0.05, 0.1, 0.05), (0.05, 0.1, 0.05, 0.05)),
        ((0.1, 0.1, 0.1), (0.1, 0.1, 0.05, 0.0)),
        ((0.1, 0.5, 0.1), (0.1, 0.15, 0.0, 0.0)),
        ((0.0, 0.0, 0.5), (0.0, 0.0, 0.25, 0.0)),
    ],
)
def test_messages_inputs_and_results_share_the_time_between_tasks(seen, parts):
    transfer_s, inputs_s, results_s = seen
    lane = lane_account(
        metrics.LaneTotals(
            0.25, 0.5, 1.0, 0.5, 0.5, 0.0,
            transfer_s=transfer_s, inputs_s=inputs_s, results_s=results_s,
        ),
        map_start_s=0.25,
    )  # fmt: skip
    assert (lane.transfer, lane.inputs, lane.results, lane.dispatch) == pytest.approx(parts)
    assert lane.total == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("sent_s", "results_s"), [(None, 0.0), (0.5, 0.0), (0.8, 0.1), (1.0, 0.3), (1.1, 0.3)]
)
def test_a_lane_that_is_done_sends_its_last_result_before_it_idles(sent_s, results_s):
    lane = metrics.LaneTotals(0.1, 0.1, 0.7, 0.6, 0.6, 0.0, sent_s=sent_s)
    lane = lane_account(lane)
    assert (lane.results, lane.imbalance) == pytest.approx((results_s, 0.3 - results_s))


@pytest.mark.parametrize(
    ("last_result_s", "results_s"), [(0.0, 0.0), (0.9, 0.0), (1.05, 0.05), (1.2, 0.2), (1.4, 0.2)]
)
def test_the_last_results_are_unpickled_while_all_lanes_wait(last_result_s, results_s):
    for lane in metrics.account([LANE, LANE], last_result_s=last_result_s, **MOMENTS).lanes:
        assert (lane.results, lane.tail) == pytest.approx((results_s, 0.2 - results_s))


def test_a_worker_that_is_ready_after_the_last_task_waits_for_results_from_then_on():
    late = metrics.LaneTotals(1.1, None, None, 0.0, 0.0, 0.0)
    lane = lane_account(late, last_result_s=1.2)
    assert (lane.startup, lane.results, lane.tail) == pytest.approx((1.1, 0.1, 0.0))


def test_waiting_without_a_cause_is_unclear_where_everybody_had_a_core():
    waits = LANE._replace(cpu_s=0.0, waiting_s=0.7)
    known = {"throttled_s": 0.1, "others_busy_s": 0.2}
    run = metrics.account([waits], oversubscribed=False, **known, **MOMENTS)
    assert (run.throttled, run.neighbour, run.oversubscribed) == (0.1, 0.2, 0.0)
    assert run.unclear == pytest.approx(0.4)
    run = metrics.account([waits], oversubscribed=True, **known, **MOMENTS)
    assert (run.oversubscribed, run.unclear) == (pytest.approx(0.4), 0.0)


def test_a_lost_task_is_neither_computing_nor_blocked():
    lane = lane_account(metrics.LaneTotals(0.25, 0.25, 1.0, 0.75, 0.25, 0.125, lost_s=0.25))
    assert (lane.useful, lane.waiting, lane.lost, lane.blocked) == (0.25, 0.125, 0.25, 0.125)


def test_where_nothing_is_known_of_quota_and_others_all_waiting_is_taking_turns():
    run = metrics.account([LANE._replace(cpu_s=0.0, waiting_s=0.7)], **MOMENTS)
    assert (run.throttled, run.neighbour, run.oversubscribed) == (0.0, 0.0, 0.7)


def test_a_lane_without_a_task_is_out_of_balance_from_its_start():
    lane = lane_account(metrics.LaneTotals(0.3, None, None, 0.0, 0.0, 0.0))
    assert (lane.startup, lane.dispatch) == (0.3, 0.0)
    assert lane.imbalance == pytest.approx(1.0 - 0.3)


def test_a_worker_that_is_ready_after_the_last_task_has_only_a_tail():
    lane = lane_account(metrics.LaneTotals(1.1, None, None, 0.0, 0.0, 0.0))
    assert (lane.startup, lane.imbalance) == (1.1, 0.0)
    assert lane.tail == pytest.approx(0.1)


@pytest.mark.parametrize("ready_s", [None, 1.2, 1.4])
def test_a_worker_that_was_not_ready_in_time_starts_up_until_map_ends(ready_s):
    lane = lane_account(metrics.LaneTotals(ready_s, None, None, 0.0, 0.0, 0.0))
    assert lane.startup == 1.2
    assert lane.total == pytest.approx(1.5)


def test_without_any_task_all_is_tail():
    (lane,) = metrics.account([LANE._replace(last_end_s=None, in_tasks_s=0.0)], **MOMENTS).lanes
    assert lane.tail == pytest.approx(1.2 - 0.1)
    assert lane.imbalance == 0.0


@pytest.mark.parametrize(
    ("wrong", "remainder_s"),
    [
        ({"cpu_s": 0.9}, -0.2),  # more CPU time than time in tasks
        ({"in_tasks_s": 1.0, "cpu_s": 1.0}, -0.1),  # more time in tasks than there was
        ({"last_end_s": 1.3}, -0.1),  # a task that ended after its map
    ],
)
def test_a_contradiction_shows_in_the_remainder(wrong, remainder_s):
    run = metrics.account([LANE._replace(**wrong)], **MOMENTS)
    assert run.remainder_s == pytest.approx(remainder_s)
    assert min(run.parts.values()) >= 0


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"map_end_s": 0.05}, "these moments are 0.1 s, 0.05 s and 1.5 s"),
        ({"map_start_s": -0.1}, "these moments are -0.1 s"),
        ({"wall_time_s": 1.1}, "1.2 s and 1.1 s"),
        ({"map_start_s": 0.0, "map_end_s": 0.0, "wall_time_s": 0.0}, "0.0 s and 0.0 s"),
        ({"throttled_s": -1.0}, "throttled_s must be at least 0 s, not -1.0 s"),
        ({"others_busy_s": -0.5}, "others_busy_s must be at least 0 s, not -0.5 s"),
    ],
)
def test_moments_that_cannot_be_are_refused(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        metrics.account([LANE], **MOMENTS | wrong)


def test_moments_may_differ_in_their_last_digit():
    moments = {"map_start_s": 0.1, "map_end_s": 0.1 + 0.2, "wall_time_s": 0.3}
    assert moments["map_end_s"] > moments["wall_time_s"]
    assert metrics.account([LANE._replace(last_end_s=0.2)], **moments).shutdown == 0.0


def test_a_map_may_take_no_time():
    idle = metrics.LaneTotals(0.1, None, None, 0.0, 0.0, 0.0)
    moments = {"map_start_s": 0.25, "map_end_s": 0.25, "wall_time_s": 0.5}
    (lane,) = metrics.account([idle], **moments).lanes
    assert (lane.startup, lane.tail, lane.shutdown) == (0.25, 0.0, 0.25)


def test_moments_are_told_to_the_nanosecond():
    def ending(map_end_s):
        return metrics.account([LANE], map_start_s=0.1, map_end_s=map_end_s, wall_time_s=1.5)

    assert ending(1.5 + 0.9e-9).shutdown == ending(1.5 + 1e-9).shutdown == 0.0
    with pytest.raises(ValueError, match="in this order"):
        ending(1.5 + 1.5e-9)


def test_a_run_has_a_lane():
    with pytest.raises(ValueError, match="lanes must be at least 1, not 0"):
        metrics.account([], **MOMENTS)
