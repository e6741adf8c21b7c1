import dataclasses
import pickle

import pytest

from swimlanes import sheet
from swimlanes.metrics import LaneTotals
from swimlanes.records import Lane, LostAttempt, TaskRecord, Tasks, Timeline

WHOLE = TaskRecord(
    0, worker=2, start_s=0.5, end_s=1.25, cpu_s=0.5, waiting_s=0.125, arrived_s=1.5,
    transfer_s=0.0625,
)  # fmt: skip
RUNNING = TaskRecord(3, worker=1, start_s=1.0, end_s=None, cpu_s=0.0, waiting_s=0.0)


def test_records_come_back_as_they_were():
    assert list(Tasks.of([WHOLE, RUNNING])) == [WHOLE, RUNNING]


def test_a_slot_is_read_in_nanoseconds_from_the_runs_beginning():
    words = [0] * sheet.SLOT_WORDS
    words[sheet.WORKER], words[sheet.START], words[sheet.END] = 2, 5_500_000_000, 6_250_000_000
    words[sheet.CPU], words[sheet.WAITING] = 500_000_000, 125_000_000
    words[sheet.ARRIVED], words[sheet.TRANSFER] = 6_500_000_000, 62_500_000
    slot = b"".join(word.to_bytes(8, "little") for word in words)
    assert list(Tasks(slot, zero_ns=5_000_000_000)) == [WHOLE]


def test_the_slots_are_those_of_the_sheet():
    tasks = Tasks.of([WHOLE, RUNNING])
    assert tasks.slots.nbytes == 4 * sheet.SLOT_BYTES
    assert Tasks(tasks.slots.tobytes(), tasks.zero_ns) == tasks


def test_a_moment_at_the_very_beginning_is_not_taken_for_none():
    first = TaskRecord(0, 1, start_s=0.0, end_s=0.0, cpu_s=0.0, waiting_s=0.0, arrived_s=0.0)
    assert list(Tasks.of([first])) == [first]


def test_only_tasks_that_have_started_count():
    tasks = Tasks.of([RUNNING, dataclasses.replace(WHOLE, task=1)])
    assert len(tasks) == 2
    assert [task.task for task in tasks] == [1, 3]
    assert (tasks[0].task, tasks[-1].task) == (1, 3)
    assert [task.task for task in tasks[:1]] == [1]
    assert repr(tasks) == "<Tasks: 2 started>"
    assert (len(Tasks.of([])), Tasks.of([]).slots.nbytes) == (0, 0)
    with pytest.raises(IndexError):
        tasks[2]


def test_tasks_are_equal_however_they_are_kept():
    tasks = Tasks.of([WHOLE, RUNNING])
    assert tasks == (WHOLE, RUNNING)
    assert tasks == Tasks(tasks.slots.tobytes(), tasks.zero_ns)
    assert tasks != (WHOLE,)
    assert tasks != (RUNNING, WHOLE)
    assert (tasks == 2) is False
    assert hash(tasks) == hash((WHOLE, RUNNING))
    assert pickle.loads(pickle.dumps(tasks)) == tasks


def run_on_three_lanes(*tasks, **changes):
    lanes = Lane(1, 7, 70, 0.25), Lane(2, 8, 80, 0.5)
    return Timeline("processes", 3, 9, 1, elapsed_s=2.0, lanes=lanes, tasks=tasks, **changes)


def test_the_totals_of_a_lane_are_those_of_its_finished_tasks():
    later = TaskRecord(1, 2, 1.5, 2.0, 0.25, 0.0, transfer_s=0.5)
    idle, both, never_ready = run_on_three_lanes(later, WHOLE, RUNNING).lane_totals()
    assert idle == LaneTotals(0.25, None, None, 0.0, 0.0, 0.0)
    assert both == LaneTotals(0.5, 0.5, 2.0, 1.25, 0.75, 0.125, transfer_s=0.5625)
    assert never_ready == LaneTotals(None, None, None, 0.0, 0.0, 0.0)


def test_a_task_under_way_hides_none_that_has_ended():
    running, ended = dataclasses.replace(RUNNING, task=0), dataclasses.replace(WHOLE, task=1)
    assert run_on_three_lanes(running, ended).lane_totals()[1].in_tasks_s == 0.75


def test_what_is_not_told_has_not_happened():
    timeline = Timeline("threads", 1, 1, 1, elapsed_s=0.0)
    assert (timeline.startup_s, timeline.map_s, timeline.wall_time_s) == (None, None, None)
    assert (RUNNING.transfer_s, RUNNING.arrived_s, Lane(1, 7, 70, 0.0).clock_error_s) == (
        0.0, None, 0.0,
    )  # fmt: skip


def test_a_lane_has_the_span_of_its_tasks_in_whatever_order_they_are_told():
    early, late = TaskRecord(0, 1, 0.5, 1.0, 0, 0), TaskRecord(1, 1, 1.0, 1.5, 0, 0)
    turned = dataclasses.replace(late, task=0), dataclasses.replace(early, task=1)
    for tasks in (early, late), turned:
        lane = run_on_three_lanes(*tasks).lane_totals()[0]
        assert (lane.first_start_s, lane.last_end_s) == (0.5, 1.5)


def test_tasks_of_the_sheet_and_records_have_the_same_totals():
    timeline = run_on_three_lanes(WHOLE, RUNNING)
    on_sheet = dataclasses.replace(timeline, tasks=Tasks.of(timeline.tasks))
    assert on_sheet.lane_totals() == timeline.lane_totals()


def test_a_lost_attempt_counts_for_its_lane():
    timeline = run_on_three_lanes(WHOLE, lost=(LostAttempt(5, worker=2, start_s=1.5, end_s=2.0),))
    _, lane, _ = timeline.lane_totals()
    assert lane == LaneTotals(0.5, 0.5, 2.0, 1.25, 0.5, 0.125, transfer_s=0.0625, lost_s=0.5)


def test_a_lost_attempt_before_all_others_begins_the_lane():
    timeline = run_on_three_lanes(WHOLE, lost=(LostAttempt(5, worker=2, start_s=0.25, end_s=0.5),))
    _, lane, _ = timeline.lane_totals()
    assert (lane.first_start_s, lane.last_end_s, lane.in_tasks_s) == (0.25, 1.25, 1.0)


def test_a_lane_may_have_nothing_but_lost_attempts():
    lost = LostAttempt(5, worker=1, start_s=0.5, end_s=0.75), LostAttempt(6, 1, 1.0, 1.5)
    lane, _, _ = run_on_three_lanes(lost=lost).lane_totals()
    assert lane == LaneTotals(0.25, 0.5, 1.5, 0.75, 0.0, 0.0, lost_s=0.75)


@pytest.mark.parametrize(
    ("workers", "threads", "reported", "lanes"), [(2, 1, 0, 2), (2, 3, 4, 6), (1, 1, 3, 3)]
)
def test_there_is_a_lane_for_each_thread_and_for_all_who_reported(
    workers, threads, reported, lanes
):
    seen = tuple(Lane(n, 7, 70 + n, 0.0) for n in range(1, reported + 1))
    timeline = Timeline("nested", workers, 9, 1, 2.0, lanes=seen, threads=threads)
    assert timeline.lanes_count == len(timeline.lane_totals()) == lanes
