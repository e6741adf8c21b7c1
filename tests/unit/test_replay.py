import pytest

from swimlanes.records import seen_at


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
