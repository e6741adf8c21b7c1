import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from swimlanes import drawing
from swimlanes.drawing.frame import LEFT, RIGHT
from swimlanes.drawing.legend import parts
from swimlanes.records import Lane, TaskRecord, Timeline

MESSAGE_BYTES = 30_000


def nested(run, threads=2):
    """Return the run as if each worker's lanes were threads of fewer processes."""
    timeline = run.timeline
    workers = timeline.workers // threads
    return replace(run, timeline=replace(timeline, mode="nested", workers=workers, threads=threads))


def test_every_worker_has_a_lane_and_every_task_a_numbered_bar(picture, make_run):
    svg = drawing.lanes(make_run(workers=2, tasks=4).timeline)
    shown = picture(svg).texts
    assert {"worker 1", "pid 4701", "worker 2", "pid 4702"} <= set(shown)
    assert [text for text in shown if text.isdigit()][:4] == ["0", "1", "2", "3"]
    made = "pool made after 10 ms, gone after 0.23 s"
    assert shown[:2] == ["4 tasks on 2 workers", f"{made} · chunks of 1"]
    assert "all results in hand after 0.21 s" in shown


def test_parts_of_a_bar_are_in_proportion(picture, make_run):
    svg = drawing.lanes(make_run(tasks=2, cpu_share=0.5, waiting_share=0.25).timeline)
    useful, waiting, blocked = (picture(svg).widths(kind)[0] for kind in "uwb")
    assert useful == pytest.approx(2 * waiting, abs=0.2)
    assert waiting == pytest.approx(blocked, abs=0.2)


def test_what_is_neither_useful_nor_waiting_is_blocked():
    assert parts(TaskRecord(0, 1, 1.0, 3.0, 0.5, 0.5), 3.0) == (0.0, 0.25, 0.25, 0.5)


def test_clocks_that_disagree_never_make_more_than_there_was():
    assert parts(TaskRecord(0, 1, 0.0, 1.0, 1.1, 0.3), 1.0) == (0.0, 1.0, 0.0, 0.0)


def test_running_task_grows_and_worker_that_is_not_ready_has_an_empty_lane(picture):
    timeline = Timeline(
        mode="processes", workers=2, tasks_count=4, chunksize=1, elapsed_s=0.3,
        lanes=(Lane(1, 4701, 9901, 0.01),), tasks=(TaskRecord(0, 1, 0.1, None, 0.0, 0.0),),
    )  # fmt: skip
    early, late = drawing.lanes(timeline), drawing.lanes(replace(timeline, elapsed_s=0.45))
    assert "not ready yet" in picture(early).texts
    assert picture(late).widths("r")[0] > 1.5 * picture(early).widths("r")[0]
    assert "task 0: running since 0.1 s" in picture(early).titles


def test_live_axis_grows_in_steps_so_that_bars_do_not_shrink_all_the_time(picture):
    timeline = Timeline("serial", 1, 4, 1, elapsed_s=0.55)
    later = replace(timeline, elapsed_s=0.95)
    assert [t for t in picture(drawing.lanes(timeline)).texts if "." in t] == [
        t for t in picture(drawing.lanes(later)).texts if "." in t
    ]


def test_number_stands_on_plain_blue_or_on_a_plate(picture, make_run):
    assert picture(drawing.lanes(make_run(tasks=4).timeline)).widths("p") == []
    on_pattern = drawing.lanes(make_run(mode="threads", tasks=4, cpu_share=0.3).timeline)
    assert len(picture(on_pattern).widths("p")) == 4


def test_a_task_that_failed_ends_where_the_next_begins_so_that_no_labels_overlap(picture):
    """Of a task that failed no end was written down, and its worker went on."""
    timeline = Timeline(
        mode="processes", workers=1, tasks_count=2, chunksize=2, elapsed_s=1.0, wall_time_s=1.0,
        startup_s=0.0, map_s=1.0, lanes=(Lane(1, 4701, 9901, 0.0),), failed=(0,),
        tasks=(TaskRecord(0, 1, 0.1, None, 0.0, 0.0), TaskRecord(1, 1, 0.15, 0.9, 0.7, 0.0)),
    )  # fmt: skip
    shown = picture(drawing.lanes(timeline))
    assert "0 · failed" not in shown.texts  # there is no room for it
    assert "task 0, failed: began at 0.1 s" in shown.titles


def test_lane_of_a_thread_names_the_thread(picture, make_run):
    assert "thread 9901" in picture(drawing.lanes(make_run(mode="threads").timeline)).texts


def test_lane_of_a_nested_worker_names_process_and_thread(picture, make_run):
    shown = picture(drawing.lanes(nested(make_run(workers=4, tasks=4)).timeline)).texts
    assert shown[0].startswith("4 tasks on 2 processes × 2 threads")
    assert shown[2:5] == ["worker 1", "pid 4701", "thread 9901"]
    assert "worker 4" in shown
    tight = picture(drawing.lanes(nested(make_run(workers=16), threads=4).timeline)).titles
    assert "pid 4716, thread 9916" in tight


def test_name_of_an_executor_takes_two_lines(picture, make_run):
    timeline = replace(make_run(workers=2).timeline, mode="watched")
    lanes = tuple(replace(lane, name="ThreadPoolExecutor 2") for lane in timeline.lanes)
    shown = picture(drawing.lanes(replace(timeline, lanes=lanes))).texts
    at = shown.index("worker 1")
    assert shown[at : at + 3] == ["worker 1", "ThreadPool", "Executor 2"]


def test_worker_that_replaced_another_has_a_lane_of_its_own(picture, make_run):
    timeline = make_run(workers=2).timeline
    timeline = replace(timeline, lanes=(*timeline.lanes, Lane(3, 4703, 9903, 0.1)))
    assert "worker 3" in picture(drawing.lanes(timeline)).texts


@pytest.mark.parametrize(
    ("workers", "tasks", "cpu_share"),
    [(2, 16, 1.0), (1, 64, 0.4), (4, 64, 0.4), (32, 64, 0.4), (2, 1000, 0.4), (32, 20_000, 0.4)],
)
def test_picture_is_well_formed_and_small_enough_to_send(make_run, workers, tasks, cpu_share):
    run = make_run("processes", workers, tasks, cpu_share=cpu_share, waiting_share=0.2)
    svg = drawing.lanes(run.timeline, "swimlanes-abcdef-lanes")
    ElementTree.fromstring(svg)
    assert len(json.dumps(svg, ensure_ascii=False).encode()) <= MESSAGE_BYTES


@pytest.mark.parametrize("tasks", [64, 5000])
def test_more_lanes_than_fit_are_left_out_and_said_so(picture, make_run, tasks):
    run = nested(make_run(workers=256, tasks=tasks, cpu_share=0.4, waiting_share=0.2), threads=8)
    svg = drawing.lanes(run.timeline)
    assert any("the first 48 lanes" in text for text in picture(svg).texts)
    assert any("worker 48" in text for text in picture(svg).texts)
    assert not any("worker 49" in text for text in picture(svg).texts)
    assert len(json.dumps(svg, ensure_ascii=False).encode()) <= MESSAGE_BYTES


def test_bar_says_what_its_task_did(picture, make_run):
    svg = drawing.lanes(make_run(tasks=2, cpu_share=0.5, waiting_share=0.25).timeline)
    assert "task 1: 0.1 s from 10 ms, CPU 50 ms, waiting 25 ms" in picture(svg).titles


def test_tasks_that_travelled_together_share_a_bracket(picture, make_run):
    svg = drawing.lanes(make_run(workers=2, tasks=16).timeline)  # 8 chunks of 2
    brackets = [e for e in picture(svg).elements("path") if e.get("d").count("v2.5H") > 0]
    assert brackets[0].get("d").count("v2.5H") == 8
    left, right = map(float, re.match(r"M([\d.]+) .*?H([\d.]+)v", brackets[0].get("d")).groups())
    bars = picture(svg).outlines("u")
    assert left == pytest.approx(bars[0][0] + 1, abs=0.2)
    assert right == pytest.approx(bars[1][0] + bars[1][2] - 1, abs=0.2)
    assert "a chunk" in picture(svg).texts


@pytest.mark.parametrize("run", [{"tasks": 4}, {"mode": "serial"}, {"workers": 12, "tasks": 64}])
def test_no_brackets_without_chunks_of_several_tasks_or_room(picture, make_run, run):
    svg = drawing.lanes(make_run(**run).timeline)
    assert "a chunk" not in picture(svg).texts


def test_longest_task_is_marked_when_all_have_ended(picture, make_run):
    timeline = make_run(workers=2, tasks=4).timeline
    assert not any("longest" in text for text in picture(drawing.lanes(timeline)).texts)
    long = replace(timeline.tasks[2], end_s=0.4)
    unequal = replace(timeline, tasks=(*timeline.tasks[:2], long, timeline.tasks[3]))
    svg = drawing.lanes(unequal)
    assert {"2 · longest", "longest task"} <= set(picture(svg).texts)
    (x, _, width), _ = picture(svg).outlines("k")
    assert (x, width) == pytest.approx(picture(svg).outlines("h")[2][::2])
    assert "Task 2 was the longest." in ElementTree.fromstring(svg).get("aria-label")
    running = drawing.lanes(replace(unequal, map_s=None, wall_time_s=None))
    assert "2 · longest" not in picture(running).texts


def test_results_that_come_one_by_one_have_a_row_of_their_own(picture, make_run):
    timeline = make_run(workers=2, tasks=4).timeline
    assert not any("result of" in title for title in picture(drawing.lanes(timeline)).titles)
    arrived = (0.12, 0.12, None, 0.215)
    tasks = [replace(t, arrived_s=at) for t, at in zip(timeline.tasks, arrived, strict=True)]
    svg = drawing.lanes(replace(timeline, tasks=tuple(tasks)))
    assert "0,1" in picture(svg).texts
    said = [title for title in picture(svg).titles if "in hand ·" in title]
    assert said == ["result of task 0,1 in hand · 0.12 s", "result of task 3 in hand · 0.215 s"]
    assert "task 0: 0.1 s from 10 ms, CPU 0.1 s, result 0.12 s" in picture(svg).titles


def test_many_results_share_marks(picture, make_run):
    timeline = make_run(workers=2, tasks=1000).timeline
    first = [replace(t, arrived_s=t.end_s) for t in timeline.tasks if t.task < 500]
    svg = drawing.lanes(replace(timeline, tasks=(*first, *timeline.tasks[500:])))
    (mark,) = picture(svg).paths("v")
    ends = {round(frame_x(timeline, task.end_s)) for task in first}
    marked = {
        int(float(x)) + i
        for x, width in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", mark)
        for i in range(int(float(width)))
    }
    assert all({x - 1, x} & marked for x in ends)
    assert max(marked) <= max(ends)
    assert len(svg) < MESSAGE_BYTES


def frame_x(timeline, moment_s):
    return LEFT + moment_s / timeline.wall_time_s * (RIGHT - LEFT)


def test_shut_down_follows_the_results(picture, make_run):
    timeline = make_run().timeline
    svg = drawing.lanes(timeline)
    *shown, _ = picture(svg).outlines("e")
    assert [x for x, _, _ in shown] == pytest.approx(2 * [frame_x(timeline, 0.21)], abs=0.1)
    assert [x + width for x, _, width in shown] == pytest.approx(2 * [RIGHT], abs=0.1)
    assert "shut-down · 20 ms" in picture(svg).titles
    assert {"start-up", "shut-down"} <= set(picture(svg).texts)
