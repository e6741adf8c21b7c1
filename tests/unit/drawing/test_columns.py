import re
from dataclasses import replace

import pytest

from swimlanes import drawing
from swimlanes.drawing.arrays import Grid, task_arrays, time_per_column
from swimlanes.records import TaskRecord, Tasks, Timeline


class NoRecords(Tasks):
    """Tasks that may be read from their slots only."""

    def _record(self, number):
        raise AssertionError(f"a record was made of task {number}")


def test_many_tasks_are_drawn_without_a_record_of_each(make_run):
    timeline = make_run(tasks=1000, cpu_share=0.4).timeline
    slots = Tasks.of(timeline.tasks).slots.tobytes()
    bare = replace(timeline, tasks=NoRecords(slots, 1_000_000_000))
    assert drawing.lanes(bare) == drawing.lanes(timeline)


def test_every_moment_of_a_task_is_in_one_column():
    tasks = (
        TaskRecord(0, 1, 0.5, 2.5, 1.0, 0.5),  # over three columns, a quarter of it blocked
        TaskRecord(1, 2, 1.0, 1.0, 0.0, 0.0),  # took no time at all
        TaskRecord(4, 2, 3.25, None, 0.0, 0.0),  # running; tasks 2 and 3 have not started
    )
    timeline = Timeline("threads", 2, 6, 1, elapsed_s=4.0, tasks=tasks)
    seconds = time_per_column(task_arrays(timeline), Grid(2, 4, 1e9)) / 1e9
    nothing = [0, 0, 0, 0]
    assert seconds[0].round(6).tolist() == [
        nothing, [0.25, 0.5, 0.25, 0], [0.125, 0.25, 0.125, 0], [0.125, 0.25, 0.125, 0],
    ]  # fmt: skip
    assert seconds[1].round(6).tolist() == [[0, 0, 0, 0.75], nothing, nothing, nothing]


def test_many_tasks_before_the_pool_is_asked_for(picture):
    svg = drawing.lanes(Timeline("processes", 2, 1000, 100, elapsed_s=0.0, tasks=Tasks.of(())))
    assert "starting · chunks of 100 · 0 done" in picture(svg).texts


def test_columns_of_many_tasks_show_the_same_shares(picture, make_run):
    svg = drawing.lanes(make_run("processes", 1, 400, cpu_share=0.5).timeline)
    heights = [
        float(re.match(r"M[\d.]+ ([\d.]+)H", e.get("d"))[1]) - float(edge)
        for e in picture(svg).elements("path")
        if e.get("class") in ("u", "b") and (edges := re.findall(r"V([\d.]+)H", e.get("d")))
        for edge in edges[len(edges) // 2 :][:1]
    ]
    blocked, useful = heights
    assert useful == pytest.approx(blocked / 2, abs=1)
