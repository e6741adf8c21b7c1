"""What threads of a nested run wait for each other, in records made by hand and in a real run."""

from dataclasses import replace

import pytest

from swimlanes import metrics, run
from swimlanes.records import Lane, TaskRecord, Timeline
from swimlanes.records.standing import batch_waits_ns

ONE = {1: 11, 2: 11}
TWO = {1: 11, 2: 11, 3: 22, 4: 22}


@pytest.mark.parametrize(
    ("spans", "size", "process_of", "waits"),
    [
        pytest.param([], 2, ONE, [0, 0], id="nothing yet"),
        pytest.param([(1, 0, 10), (2, 0, 80)], 2, ONE, [0, 0], id="the only batch is the last"),
        pytest.param(
            [(1, 0, 10), (2, 0, 80), (2, 90, 95), (1, 90, 99)], 2, ONE, [70, 0], id="two batches"
        ),
        pytest.param(
            [(1, 0, 10), (1, 10, 30), (2, 0, 25), (2, 25, 80), (1, 90, 99)], 4, ONE, [50, 0],
            id="chunks of two: from the last task of the batch on",
        ),
        pytest.param(
            [(1, 0, 10), (2, 0, 80), (1, 90, 99)], 2, ONE, [70, 0], id="no part in the last batch"
        ),
        pytest.param(
            [(1, 0, 10), (1, 12, 80), (2, 90, 99), (1, 90, 95)], 2, ONE, [0, 80],
            id="no part in the first batch",
        ),
        pytest.param(
            [(1, 0, 10), (2, 0, 80), (3, 0, 40), (4, 0, 30), (3, 50, 60), (4, 50, 60)], 2, TWO,
            [0, 0, 0, 10], id="each process has its own batches",
        ),
        pytest.param(
            [(1, 0, 10), (2, 0, 80), (2, 90, 99), (1, 90, 0)], 2, ONE, [0, 0], id="still running"
        ),
        pytest.param([(0, 0, 0), (0, 0, 0), (1, 5, 9)], 2, ONE, [0, 0], id="one not begun"),
    ],
)  # fmt: skip
def test_a_lane_waits_from_its_end_to_the_end_of_the_batch(spans, size, process_of, waits):
    assert list(batch_waits_ns(spans, size, process_of).values()) == waits


def nested(spans, threads=2):
    """Return one process with threads, ready after 1 s, whose map ends after 10 s."""
    return Timeline(
        mode="nested",
        workers=1,
        threads=threads,
        tasks_count=len(spans),
        chunksize=1,
        elapsed_s=11.0,
        startup_s=1.0,
        map_s=9.0,
        wall_time_s=11.0,
        lanes=tuple(Lane(n, 4711, 9900 + n, 1.0) for n in range(1, threads + 1)),
        tasks=tuple(
            TaskRecord(task, worker, start_s, end_s, cpu_s=end_s - start_s, waiting_s=0.0)
            for task, (worker, start_s, end_s) in enumerate(spans)
        ),
    )


@pytest.mark.parametrize(
    ("spans", "batches", "dispatch", "imbalance"),
    [
        ([(1, 1, 2), (2, 1, 5), (1, 6, 9), (2, 6, 7)], [3, 0], [1, 1], [0, 2]),
        ([(1, 1, 3), (1, 3, 5), (2, 6, 9), (1, 6, 7)], [0, 4], [1, 1], [2, 0]),
    ],
)
def test_waiting_for_a_batch_is_no_handing_out(spans, batches, dispatch, imbalance, make_run):
    account = replace(make_run("nested"), timeline=nested(spans)).account
    assert [lane.batches for lane in account.lanes] == batches
    assert [lane.dispatch for lane in account.lanes] == dispatch
    assert [lane.imbalance for lane in account.lanes] == imbalance
    assert account.batches == sum(batches)


def test_a_lane_never_waits_longer_than_it_stands(make_run):
    late = metrics.LaneTotals(
        2.0, 3.0, 4.0, in_tasks_s=1.0, cpu_s=1.0, waiting_s=0.0, transfer_s=0.25, batches_s=5.0
    )
    run = metrics.account([late], map_start_s=0.0, map_end_s=5.0, wall_time_s=5.0)
    assert run.lanes[0].batches == 0.75
    assert (run.lanes[0].dispatch, run.remainder_s) == (0.0, 0.0)


def test_other_modes_have_no_batches(make_run):
    assert make_run("threads", 3, tasks=50).account.batches == 0.0


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("schedule", ["map", "imap"])
def test_threads_of_a_real_process_wait_for_each_other(schedule):
    record = run(
        "query", mode="nested", workers=1, threads=2, tasks=8, task_ms=5, chunksize=1,
        lengths="1,8", schedule=schedule,
    )  # fmt: skip
    assert record.account.batches > 0
    assert record.account.remainder_s == pytest.approx(0, abs=1e-6)


def test_the_results_of_a_batch_go_when_all_of_it_is_done(make_run):
    """A lane that is done waits for the others of its last batch: that is imbalance."""
    timeline = nested([(1, 1, 2), (2, 1, 5), (3, 1, 9)], threads=2)
    trips = [(0.9, 0.9, 1, 1, 5, 5.5, 5.5, 5.5)] * 2 + [(0.9, 0.9, 1, 1, 9, 9.5, 9.5, 9.5)]
    tasks = tuple(
        replace(task, trip_s=trip) for task, trip in zip(timeline.tasks, trips, strict=True)
    )
    lanes = (*timeline.lanes, Lane(3, 4712, 9903, 1.0), Lane(4, 4712, 9904, 1.0))
    timeline = replace(timeline, workers=2, lanes=lanes, tasks=tasks)
    account = replace(make_run("nested"), timeline=timeline).account
    assert [lane.imbalance for lane in account.lanes] == [6.5, 3.5, 0.0, 8.0]
    assert [lane.results for lane in account.lanes][:2] == [1.0, 1.0]
