from dataclasses import replace

import pytest

from swimlanes.records import LoadSample, TaskRecord, Timeline, seen_at


@pytest.fixture
def timeline(make_run):
    return make_run(workers=2, tasks=6, task_s=0.1).timeline


def test_at_the_end_a_run_is_seen_whole(timeline):
    assert seen_at(timeline, timeline.wall_time_s) is timeline
    assert seen_at(timeline, 1e9) is timeline


def test_before_the_start_there_is_nothing(timeline):
    seen = seen_at(timeline, 0.0)
    assert (seen.startup_s, seen.map_s, seen.wall_time_s) == (None, None, None)
    assert (len(seen.tasks), seen.lanes, seen.elapsed_s) == (0, (), 0.0)


@pytest.mark.parametrize("moment_s", [0.02, 0.15, 0.27])
def test_midway_only_what_had_happened_is_seen(timeline, moment_s):
    seen = seen_at(timeline, moment_s)
    assert [task.task for task in seen.tasks] == [
        task.task for task in timeline.tasks if task.start_s <= moment_s
    ]
    for task in seen.tasks:
        whole = timeline.tasks[task.task]
        ended = whole.end_s <= moment_s
        assert task.end_s == pytest.approx(whole.end_s) if ended else task.end_s is None
        assert (task.cpu_s > 0) is ended
    assert seen.elapsed_s == moment_s
    assert seen.startup_s == timeline.startup_s


def test_a_hundred_thousand_tasks_stay_compact(make_run):
    whole = make_run(workers=2, tasks=100_000, task_s=1e-5).timeline
    half = seen_at(whole, whole.wall_time_s / 2)
    assert 40_000 < len(half.tasks) < 60_000


def test_each_part_of_a_run_is_seen_when_it_has_ended(timeline):
    assert seen_at(timeline, timeline.startup_s - 1e-6).startup_s is None
    assert seen_at(timeline, timeline.startup_s).startup_s == timeline.startup_s
    map_end_s = timeline.startup_s + timeline.map_s
    assert seen_at(timeline, map_end_s - 1e-6).map_s is None
    assert seen_at(timeline, map_end_s).map_s == timeline.map_s
    assert seen_at(timeline, map_end_s).wall_time_s is None


def test_a_run_that_goes_on_is_seen_as_it_is(timeline):
    going_on = replace(timeline, wall_time_s=None)
    assert seen_at(going_on, 0.0) is going_on


def test_before_it_was_asked_for_no_time_has_passed(timeline):
    assert seen_at(timeline, -1.0).elapsed_s == 0.0


def test_lanes_and_load_are_seen_from_their_moment_on(timeline):
    first, second = timeline.lanes
    later = replace(
        timeline,
        lanes=(first, replace(second, ready_s=0.125)),
        core_load=(LoadSample(0.1, (1.0, 0.0)), LoadSample(0.2, (1.0, 1.0))),
    )
    assert [lane.worker for lane in seen_at(later, 0.1).lanes] == [1]
    assert [lane.worker for lane in seen_at(later, 0.125).lanes] == [1, 2]
    assert seen_at(later, 0.1).core_load == later.core_load[:1]
    assert seen_at(later, 0.2).core_load == later.core_load


def test_a_task_is_seen_from_its_start_and_ends_at_its_end():
    task = TaskRecord(0, 1, 0.25, 0.5, cpu_s=0.25, waiting_s=0.125, arrived_s=0.75)
    whole = Timeline("threads", 1, 1, 1, 1.0, 0.0, 1.0, 1.0, tasks=(task,))
    running = replace(task, end_s=None, cpu_s=0.0, waiting_s=0.0, arrived_s=None)
    assert list(seen_at(whole, 0.125).tasks) == []
    assert list(seen_at(whole, 0.25).tasks) == [running]
    assert list(seen_at(whole, 0.375).tasks) == [running]
    assert list(seen_at(whole, 0.5).tasks) == [replace(task, arrived_s=None)]
    assert list(seen_at(whole, 0.75).tasks) == [task]
