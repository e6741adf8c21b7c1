import dataclasses

import pytest

from swimlanes.records import first_calls
from swimlanes.records.first_calls import FirstCalls


def with_longer(run, more):
    """Return a run some of whose tasks took longer: CPU time and standing still, by task."""
    tasks = [
        dataclasses.replace(
            task, end_s=task.end_s + sum(more[task.task]), cpu_s=task.cpu_s + more[task.task][0]
        )
        if task.task in more
        else task
        for task in run.tasks
    ]
    return dataclasses.replace(run, timeline=dataclasses.replace(run.timeline, tasks=tuple(tasks)))


@pytest.fixture
def serial(make_run):
    return make_run("serial", tasks=16)


@pytest.fixture
def run(make_run):
    """A run on three lanes, which begin with the tasks 0, 2 and 4."""
    return make_run(workers=3, tasks=16)


def test_what_first_calls_took_more_is_told_without_the_lane_of_the_serial_runs_first(serial, run):
    seen = first_calls(serial, with_longer(run, {0: (0.9, 0.0), 2: (0.3, 0.0), 4: (0.5, 0.0)}))
    assert seen == FirstCalls(2, pytest.approx(0.8), pytest.approx(0.0))
    assert seen.each_s == pytest.approx(0.4)


def test_a_first_call_may_stand_still_or_compute(serial, run):
    seen = first_calls(serial, with_longer(run, {2: (0.25, 0.5), 4: (0.25, 0.25)}))
    assert (seen.cpu_s, seen.blocked_s) == pytest.approx((0.5, 0.75))
    assert seen.each_s == pytest.approx(0.625)


@pytest.mark.parametrize(
    "more",
    [
        {},
        # One of two lanes only, a later call, the lane of the first task, less than a quarter.
        {2: (0.3, 0.0)},
        {5: (0.3, 0.0)},
        {0: (0.3, 0.0)},
        {2: (0.02, 0.0), 4: (0.02, 0.0)},
    ],
)
def test_nothing_is_to_be_seen_unless_every_lane_paid(serial, run, more):
    assert first_calls(serial, with_longer(run, more)) is None


def test_a_quarter_of_a_task_is_enough(serial, run):
    assert first_calls(serial, with_longer(run, {2: (0.026, 0.0), 4: (0.026, 0.0)})) is not None


def test_all_calls_being_slower_is_not_the_first_ones_fault(serial, make_run):
    assert first_calls(serial, make_run(workers=3, tasks=16, slower=2.0)) is None


def test_what_differs_anyway_hides_a_first_call(serial, run):
    restless = {task: (0.05 * (task % 4), 0.0) for task in (1, 3, *range(5, 16))}
    first = {2: (0.2, 0.0), 4: (0.2, 0.0)}
    assert first_calls(serial, with_longer(run, restless | first)) is None
    assert first_calls(serial, with_longer(run, first)) is not None


@pytest.mark.parametrize(("tasks", "known"), [(5, False), (6, True)])
def test_three_later_calls_are_needed_to_know_what_a_call_takes(make_run, tasks, known):
    serial, run = make_run("serial", tasks=tasks), make_run(workers=3, tasks=tasks)
    longer = with_longer(run, {1: (0.3, 0.0), 2: (0.3, 0.0)})
    assert (first_calls(serial, longer) is not None) == known


def test_waiting_for_a_core_is_no_part_of_a_call(serial, run):
    waited = [
        dataclasses.replace(task, end_s=task.end_s + 0.3, waiting_s=0.3)
        if task.task in (2, 4)
        else task
        for task in run.tasks
    ]
    timeline = dataclasses.replace(run.timeline, tasks=tuple(waited))
    assert first_calls(serial, dataclasses.replace(run, timeline=timeline)) is None


@pytest.mark.parametrize(
    ("in_serial", "in_parallel"),
    [
        (set(), set()),  # nothing to load
        ({0, 2, 4}, {0, 2, 4}),  # these tasks are long in themselves
        ({0}, {0}),  # the other workers had nothing to load, as in threads
        (set(), {5}),  # a later call was long
    ],
)
def test_nothing_else_is_taken_for_a_first_call(serial, run, in_serial, in_parallel):
    long = (0.3, 0.0)
    before = with_longer(serial, dict.fromkeys(in_serial, long))
    assert first_calls(before, with_longer(run, dict.fromkeys(in_parallel, long))) is None
