"""Whether first calls are told from tasks that are long in themselves, on records made by hand."""

from dataclasses import replace

import pytest

from swimlanes.records import first_calls

LOAD_S = 0.3


def longer(run, numbers, by_s=LOAD_S, cpu=True):
    """Return a run in which some tasks took longer."""
    tasks = [
        replace(task, end_s=task.end_s + by_s, cpu_s=task.cpu_s + by_s * cpu)
        if task.task in numbers
        else task
        for task in run.tasks
    ]
    return replace(run, timeline=replace(run.timeline, tasks=tuple(tasks)))


@pytest.mark.parametrize("cpu", [True, False])
def test_what_only_first_calls_took_is_found(make_run, cpu):
    # Two workers take chunks of two: their first tasks are 0 and 2.
    serial = longer(make_run("serial", tasks=16), {0}, cpu=cpu)
    found = first_calls(serial, longer(make_run(tasks=16), {0, 2}, cpu=cpu))
    assert found.lanes == 1
    assert found.each_s == pytest.approx(LOAD_S)
    assert (found.cpu_s, found.blocked_s) == pytest.approx((LOAD_S, 0) if cpu else (0, LOAD_S))


@pytest.mark.parametrize(
    ("in_serial", "in_parallel"),
    [
        (set(), set()),  # nothing to load
        ({0, 2}, {0, 2}),  # these tasks are long in themselves
        ({0}, {0}),  # the second worker had nothing to load, as in threads
        (set(), {5}),  # a later call was long
    ],
)
def test_nothing_else_is_taken_for_a_first_call(make_run, in_serial, in_parallel):
    serial = longer(make_run("serial", tasks=16), in_serial)
    assert first_calls(serial, longer(make_run(tasks=16), in_parallel)) is None


def test_a_run_that_is_slower_throughout_has_no_first_call(make_run):
    assert first_calls(make_run("serial", tasks=16), make_run(tasks=16, slower=3.0)) is None


def test_two_tasks_on_two_workers_cannot_tell(make_run):
    serial = longer(make_run("serial", tasks=2), {0})
    assert first_calls(serial, longer(make_run(tasks=2), {0, 1})) is None
