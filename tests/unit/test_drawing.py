import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from swimlanes import drawing
from swimlanes.drawing import chart, look
from swimlanes.drawing.arrays import task_arrays
from swimlanes.drawing.chart import BOTTOM, TOP
from swimlanes.drawing.columns import Grid, time_per_column
from swimlanes.drawing.frame import LEFT, RIGHT
from swimlanes.drawing.parts import parts
from swimlanes.drawing.possible import comparable, possible, possible_for_run
from swimlanes.drawing.svg import spread, ticks
from swimlanes.modes import MODES
from swimlanes.records import Lane, ScalingStudy, TaskRecord, Tasks, Timeline

MESSAGE_BYTES = 30_000


def elements(svg, tag):
    root = ElementTree.fromstring(svg)
    return root.iter(f"{{http://www.w3.org/2000/svg}}{tag}")


def texts(svg):
    return ["".join(element.itertext()).replace("\xa0", " ") for element in elements(svg, "text")]


def titles(svg):
    return [element.text.replace("\xa0", " ") for element in elements(svg, "title")]


def measured(svg):
    """Return what the points of a chart say under the mouse."""
    return [title for title in titles(svg) if " times faster (" in title]


def marks(svg):
    return [e for e in elements(svg, "path") if e.get("class") == "mark"]


def nested(run, threads=2):
    """Return the run as if each worker's lanes were threads of fewer processes."""
    timeline = run.timeline
    workers = timeline.workers // threads
    return replace(run, timeline=replace(timeline, mode="nested", workers=workers, threads=threads))


def widths(svg, kind):
    """Return the widths of all boxes of a kind, px; the legend's swatch (12 px) comes last."""
    paths = [e.get("d") for e in elements(svg, "path") if e.get("class") == kind]
    return [float(width) for path in paths for width in re.findall(r"h([\d.]+)v", path)]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


# --- lanes


def test_every_worker_has_a_lane_and_every_task_a_numbered_bar(make_run):
    svg = drawing.lanes(make_run(workers=2, tasks=4).timeline)
    shown = texts(svg)
    assert {"worker 1", "pid 4701", "worker 2", "pid 4702"} <= set(shown)
    assert [text for text in shown if text.isdigit()][:4] == ["0", "1", "2", "3"]
    assert shown[0] == "4 tasks on 2 workers · pool ready after 10 ms · chunks of 1"
    assert "all results in hand 0.21 s" in shown


def test_parts_of_a_bar_are_in_proportion(make_run):
    svg = drawing.lanes(make_run(tasks=2, cpu_share=0.5, waiting_share=0.25).timeline)
    useful, waiting, blocked = (widths(svg, kind)[0] for kind in "uwb")
    assert useful == pytest.approx(2 * waiting, abs=0.2)
    assert waiting == pytest.approx(blocked, abs=0.2)


def test_what_is_neither_useful_nor_waiting_is_blocked():
    assert parts(TaskRecord(0, 1, 1.0, 3.0, 0.5, 0.5), 3.0) == (0.0, 0.25, 0.25, 0.5)


def test_clocks_that_disagree_never_make_more_than_there_was():
    assert parts(TaskRecord(0, 1, 0.0, 1.0, 1.1, 0.3), 1.0) == (0.0, 1.0, 0.0, 0.0)


def test_running_task_grows_and_worker_that_is_not_ready_has_an_empty_lane():
    timeline = Timeline(
        mode="processes", workers=2, tasks_count=4, chunksize=1, elapsed_s=0.3,
        lanes=(Lane(1, 4701, 9901, 0.01),), tasks=(TaskRecord(0, 1, 0.1, None, 0.0, 0.0),),
    )  # fmt: skip
    early, late = drawing.lanes(timeline), drawing.lanes(replace(timeline, elapsed_s=0.45))
    assert "not ready yet" in texts(early)
    assert widths(late, "r")[0] > 1.5 * widths(early, "r")[0]
    assert "task 0: running since 0.1 s" in titles(early)


def test_live_axis_grows_in_steps_so_that_bars_do_not_shrink_all_the_time():
    timeline = Timeline("serial", 1, 4, 1, elapsed_s=0.55)
    later = replace(timeline, elapsed_s=0.95)
    assert [t for t in texts(drawing.lanes(timeline)) if "." in t] == [
        t for t in texts(drawing.lanes(later)) if "." in t
    ]


def test_number_stands_on_plain_blue_or_on_a_plate(make_run):
    assert widths(drawing.lanes(make_run(tasks=4).timeline), "p") == []
    on_pattern = drawing.lanes(make_run(mode="threads", tasks=4, cpu_share=0.3).timeline)
    assert len(widths(on_pattern, "p")) == 4


def test_number_on_blue_has_enough_contrast():
    assert contrast("#FFFFFF", look.USEFUL) >= 4.5


@pytest.mark.parametrize("colour", [look.USEFUL, look.BLOCKED, look.STARTUP])
@pytest.mark.parametrize("paper", ["#FFFFFF", "#111111"])
def test_states_stand_out_in_both_themes(colour, paper):
    assert contrast(colour, paper) >= 3


def test_lane_of_a_thread_names_the_thread(make_run):
    assert "thread 9901" in texts(drawing.lanes(make_run(mode="threads").timeline))


def test_lane_of_a_nested_worker_names_process_and_thread(make_run):
    shown = texts(drawing.lanes(nested(make_run(workers=4, tasks=4)).timeline))
    assert shown[0].startswith("4 tasks on 2 processes × 2 threads · ")
    assert shown[1:4] == ["worker 1", "pid 4701", "thread 9901"]
    assert "worker 4" in shown
    tight = titles(drawing.lanes(nested(make_run(workers=16), threads=4).timeline))
    assert "pid 4716, thread 9916" in tight


def test_worker_that_replaced_another_has_a_lane_of_its_own(make_run):
    timeline = make_run(workers=2).timeline
    timeline = replace(timeline, lanes=(*timeline.lanes, Lane(3, 4703, 9903, 0.1)))
    assert "worker 3" in texts(drawing.lanes(timeline))


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
def test_more_lanes_than_fit_are_left_out_and_said_so(make_run, tasks):
    run = nested(make_run(workers=256, tasks=tasks, cpu_share=0.4, waiting_share=0.2), threads=8)
    svg = drawing.lanes(run.timeline)
    assert "the first 48 lanes" in texts(svg)[0]
    assert any("worker 48" in text for text in texts(svg))
    assert not any("worker 49" in text for text in texts(svg))
    assert len(json.dumps(svg, ensure_ascii=False).encode()) <= MESSAGE_BYTES


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


def test_many_tasks_before_the_pool_is_asked_for():
    svg = drawing.lanes(Timeline("processes", 2, 1000, 100, elapsed_s=0.0, tasks=Tasks.of(())))
    assert "1000 tasks on 2 workers · starting · chunks of 100 · 0 done" in texts(svg)


def test_columns_of_many_tasks_show_the_same_shares(make_run):
    svg = drawing.lanes(make_run("processes", 1, 400, cpu_share=0.5).timeline)
    heights = [
        float(re.match(r"M[\d.]+ ([\d.]+)H", e.get("d"))[1]) - float(edge)
        for e in elements(svg, "path")
        if e.get("class") in "ub" and (edges := re.findall(r"V([\d.]+)H", e.get("d")))
        for edge in edges[len(edges) // 2 :][:1]
    ]
    blocked, useful = heights
    assert useful == pytest.approx(blocked / 2, abs=1)


def test_two_pictures_do_not_share_ids(make_run):
    timeline = make_run().timeline
    ids = [
        {e.get("id") for e in ElementTree.fromstring(drawing.lanes(timeline, name)).iter()} - {None}
        for name in ("one", "two")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_empty_states_say_what_to_do():
    assert "Press Run to see your workers." in texts(drawing.lanes(None))
    assert "Press Sweep to measure 1 to 5 workers." in texts(drawing.speedup([], 2))


def test_pictures_are_told_to_those_who_cannot_see_them(make_run, make_study):
    for svg in (drawing.lanes(make_run().timeline), drawing.speedup([make_study()], 2)):
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        assert "2" in root.get("aria-label")


def outlines(svg, kind):
    """Return x, y and width of all boxes of a kind, the legend's swatch last."""
    paths = "".join(e.get("d") for e in elements(svg, "path") if e.get("class") == kind)
    return [tuple(map(float, box)) for box in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", paths)]


def test_bar_says_what_its_task_did(make_run):
    svg = drawing.lanes(make_run(tasks=2, cpu_share=0.5, waiting_share=0.25).timeline)
    assert "task 1: 0.1 s from 10 ms, CPU 50 ms, waiting 25 ms" in titles(svg)


def test_tasks_that_travelled_together_share_a_bracket(make_run):
    svg = drawing.lanes(make_run(workers=2, tasks=16).timeline)  # 8 chunks of 2
    brackets = [e for e in elements(svg, "path") if e.get("d").count("v2.5H") > 0]
    assert brackets[0].get("d").count("v2.5H") == 8
    left, right = map(float, re.match(r"M([\d.]+) .*?H([\d.]+)v", brackets[0].get("d")).groups())
    bars = outlines(svg, "u")
    assert left == pytest.approx(bars[0][0] + 1, abs=0.2)
    assert right == pytest.approx(bars[1][0] + bars[1][2] - 1, abs=0.2)
    assert "a chunk" in texts(svg)


@pytest.mark.parametrize("run", [{"tasks": 4}, {"mode": "serial"}, {"workers": 12, "tasks": 64}])
def test_no_brackets_without_chunks_of_several_tasks_or_room(make_run, run):
    svg = drawing.lanes(make_run(**run).timeline)
    assert "a chunk" not in texts(svg)


def test_longest_task_is_marked_when_all_have_ended(make_run):
    timeline = make_run(workers=2, tasks=4).timeline
    assert not any("longest" in text for text in texts(drawing.lanes(timeline)))
    long = replace(timeline.tasks[2], end_s=0.4)
    unequal = replace(timeline, tasks=(*timeline.tasks[:2], long, timeline.tasks[3]))
    svg = drawing.lanes(unequal)
    assert {"2 longest", "longest task"} <= set(texts(svg))
    (x, _, width), _ = outlines(svg, "k")
    assert (x, width) == pytest.approx(outlines(svg, "h")[2][::2])
    assert "Task 2 was the longest." in ElementTree.fromstring(svg).get("aria-label")
    running = drawing.lanes(replace(unequal, map_s=None, wall_time_s=None))
    assert "2 longest" not in texts(running)


def test_results_that_come_one_by_one_have_a_row_of_their_own(make_run):
    timeline = make_run(workers=2, tasks=4).timeline
    assert "resultswhen each result was in hand" not in texts(drawing.lanes(timeline))
    arrived = (0.12, 0.12, None, 0.215)
    tasks = [replace(t, arrived_s=at) for t, at in zip(timeline.tasks, arrived, strict=True)]
    svg = drawing.lanes(replace(timeline, tasks=tuple(tasks)))
    assert "0,1" in texts(svg)
    said = [title for title in titles(svg) if "in hand ·" in title]
    assert said == ["result of task 0,1 in hand · 0.12 s", "result of task 3 in hand · 0.215 s"]
    assert "task 0: 0.1 s from 10 ms, CPU 0.1 s, result 0.12 s" in titles(svg)


def test_many_results_share_marks(make_run):
    timeline = make_run(workers=2, tasks=1000).timeline
    first = [replace(t, arrived_s=t.end_s) for t in timeline.tasks if t.task < 500]
    svg = drawing.lanes(replace(timeline, tasks=(*first, *timeline.tasks[500:])))
    (mark,) = [e for e in elements(svg, "path") if e.get("class") == "v"]
    ends = {round(frame_x(timeline, task.end_s)) for task in first}
    marked = {
        int(float(x)) + i
        for x, width in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", mark.get("d"))
        for i in range(int(float(width)))
    }
    assert all({x - 1, x} & marked for x in ends)
    assert max(marked) <= max(ends)
    assert len(svg) < MESSAGE_BYTES


def frame_x(timeline, moment_s):
    return LEFT + moment_s / timeline.wall_time_s * (RIGHT - LEFT)


def test_shut_down_follows_the_results(make_run):
    timeline = make_run().timeline
    svg = drawing.lanes(timeline)
    *shown, _ = outlines(svg, "e")
    assert [x for x, _, _ in shown] == pytest.approx(2 * [frame_x(timeline, 0.21)], abs=0.1)
    assert [x + width for x, _, width in shown] == pytest.approx(2 * [RIGHT], abs=0.1)
    assert "shut-down · 20 ms" in titles(svg)
    assert {"start-up", "shut-down"} <= set(texts(svg))


@pytest.mark.parametrize(("ink", "paper"), [("#000000", look.SKY), ("#FFFFFF", look.USEFUL)])
def test_numbers_can_be_read_on_their_bars(ink, paper):
    assert contrast(ink, paper) >= 4.5


# --- speedup


def test_computing_is_limited_by_cores_and_waiting_is_not(make_study):
    assert possible(make_study(cores=2, tasks=16), 5) == 2.0
    assert possible(make_study(cores=2, tasks=16, cpu_share=0.0), 5) == 4.0


def test_unequal_tasks_allow_less(make_study, make_run):
    equal = make_study(cores=8, tasks=4)
    unequal = [replace(run, lengths="1,8,1.5,2") for run in (*equal.serial_runs, *equal.runs)]
    study = ScalingStudy(tuple(unequal[:3]), tuple(unequal[3:]))
    assert possible(study, 4) == pytest.approx(12.5 / 8)
    assert possible(study, 7) == pytest.approx(12.5 / 8)  # not measured
    assert possible_for_run(unequal[-1], unequal[0]) == pytest.approx(12.5 / 8)


def test_nested_workers_may_be_as_fast_as_their_lanes(make_study):
    study = make_study(cores=8, most=2)
    runs = tuple(
        replace(run, timeline=replace(run.timeline, mode="nested", threads=2)) for run in study.runs
    )
    study = replace(study, runs=runs)
    assert [possible(study, n) for n in (1, 2)] == [2, 4]
    svg = drawing.speedup([study], 8)
    assert measured(svg)[1].startswith("2 processes × 2 threads: ")
    assert "number of lanes (processes × threads)" in texts(svg)


def test_chosen_chunk_size_limits_numbers_of_workers_not_measured_yet(make_study):
    study = make_study(cores=8, most=1, tasks=16)
    assert possible(study, 5) == 4.0  # the pool's own choice for five workers is 1
    runs = tuple(replace(run, timeline=replace(run.timeline, chunksize=8)) for run in study.runs)
    assert possible(replace(study, runs=runs), 5) == 2.0


def test_a_busy_machine_does_not_turn_computing_into_waiting(make_study, make_run):
    serial = make_run("serial", 1, 16, cpu_share=0.2, waiting_share=0.8, cores=2)
    assert possible(replace(make_study(), serial_runs=(serial,)), 5) == 2.0


def test_every_measured_point_says_what_it_is(make_study):
    said = measured(drawing.speedup([make_study(most=5)], 2))
    assert len(said) == 5
    assert said[1].startswith("2 processes: 1.8")
    assert "possible 2.00" in said[1]


def test_disturbed_points_are_hollow_and_say_why(make_study):
    svg = drawing.speedup([make_study(disturbed=(3,))], 2)
    hollow = [e for e in marks(svg) if look.PAPER in e.get("style")]
    assert len(hollow) == 1
    assert "in 3 of 3 repetitions other programs used up to 0.5 cores" in measured(svg)[2]


def test_modes_differ_by_marker_and_name(make_study):
    svg = drawing.speedup([make_study("threads"), make_study("processes")], 2)
    assert {"threads", "processes"} <= set(texts(svg))
    for mode in ("threads", "processes"):  # five points and one in the list of names
        shown = [e for e in marks(svg) if e.get("d").endswith(look.MODE_SHAPES[mode])]
        assert len(shown) == 6


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "paper"), [("#212121", "#FFFFFF"), ("#FFFFFF", "#111111")])
def test_curves_stand_out_in_both_themes(mode, ink, paper):
    share = look.PURE / 100
    assert contrast(mixed(look.MODE_COLOURS[mode], ink, share), paper) >= 3


def mixed(one, other, share):
    """Return so much of one colour in the other, as a browser mixes them."""
    channels = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in channels)


@pytest.mark.parametrize("look_of", [look.MODE_COLOURS, look.MODE_DASHES, look.MODE_SHAPES])
def test_every_mode_has_a_look_of_its_own(look_of):
    assert set(look_of) == set(MODES)
    assert len(set(look_of.values())) == len(MODES)


@pytest.mark.parametrize("cores", [1, 2, 8])
@pytest.mark.parametrize("most", [1, 5])
def test_labels_do_not_overlap_and_stay_inside(make_study, cores, most):
    studies = [make_study(mode, cores, most) for mode in ("threads", "processes")]
    svg = drawing.speedup(studies, cores)
    rows = sorted(
        float(y) + 13 * i
        for y, group in re.findall(r'<g transform="translate\(0 ([\d.]+)\)">(.*?)</g><', svg)
        for i in range(group.count("<text") or 1)
    )
    height = float(ElementTree.fromstring(svg).get("viewBox").split()[3])
    assert all(below - above >= 12.9 for above, below in pairwise(rows))
    assert 0 < rows[0] < rows[-1] < height
    assert ("1 core" if cores == 1 else f"{cores} cores") in texts(svg)


def heights(svg, mode):
    """Return the y of a mode's markers, px, without the one in the list of names."""
    found = [e.get("d") for e in marks(svg) if e.get("d").endswith(look.MODE_SHAPES[mode])]
    return [float(re.match(r"M[\d.]+ ([\d.]+)", path)[1]) for path in found[:-1]]


def test_efficiency_is_the_speedup_per_lane(make_study):
    study = make_study(most=4)
    svg = drawing.speedup([study], 2, show="efficiency")
    ideal = next(elements(svg, "polyline")).get("points").split()
    y_of_1 = float(ideal[0].split(",")[1])
    assert {point.split(",")[1] for point in ideal} == {ideal[0].split(",")[1]}
    shares = [(BOTTOM - y) / (BOTTOM - y_of_1) for y in heights(svg, "processes")]
    assert shares == pytest.approx([point.efficiency for point in study.points], abs=0.01)
    assert {"100%", "share of the ideal"} <= set(texts(svg))


def test_time_is_shown_in_seconds_and_its_ideal_falls(make_study):
    study = make_study(most=4)
    svg = drawing.speedup([study], 2, show="time")
    ideal = next(elements(svg, "polyline")).get("points").split()
    y_of_serial = float(ideal[0].split(",")[1])
    seconds = [
        (BOTTOM - y) / (BOTTOM - y_of_serial) * study.serial_s for y in heights(svg, "processes")
    ]
    expected = [point.serial_s / point.speedup for point in study.points]
    assert seconds == pytest.approx(expected, rel=0.02)
    assert float(ideal[-1].split(",")[1]) > y_of_serial
    assert "seconds" in texts(svg)


def weak(make_run):
    """Return a weak study of 4 tasks for each of up to three workers, on two cores."""
    serial = make_run("serial", 1, 4)
    runs = [replace(make_run("processes", n, 4 * n), inputs_digest=str(n)) for n in (1, 2, 3)]
    return ScalingStudy((serial,), tuple(runs), "weak")


def test_weak_scaling_says_so_and_its_ideal_time_stays(make_run):
    svg = drawing.speedup([weak(make_run)], 2, show="time")
    assert "weak scaling: n workers have n times the work" in texts(svg)
    ideal = next(elements(svg, "polyline")).get("points").split()
    assert len({point.split(",")[1] for point in ideal}) == 1


def test_weak_study_is_told_with_its_own_work(make_run):
    said = plain(drawing.describe_study(weak(make_run)))
    assert said.startswith("3 processes: 12 tasks in 0.43 s, 3.00 times faster than serial")


def test_longest_task_is_drawn_where_it_binds(make_study):
    equal = make_study(cores=8, tasks=4)
    assert "longest task:" not in texts(drawing.speedup([equal], 8))
    runs = [replace(run, lengths="1,8,1.5,2") for run in (*equal.serial_runs, *equal.runs)]
    study = ScalingStudy(tuple(runs[:3]), tuple(runs[3:]))
    shown = texts(drawing.speedup([study], 8))
    assert {"longest task:", "at most 1.56"} <= set(shown)


def test_amdahl_is_solid_up_to_the_cores_and_names_the_serial_part(make_study):
    study = make_study(cores=4, most=6)
    svg = drawing.speedup([study], 4)
    said = next(title for title in titles(svg) if title.startswith("Amdahl"))
    assert "fitted to 9 repetitions on up to 4 cores" in said
    assert f"{study.amdahl.serial_fraction:.1%} ± {study.amdahl.stderr:.1%}" in said
    assert f"{study.amdahl.serial_fraction:.1%} serial" in texts(svg)
    solid, dotted = [
        e.get("points").split() for e in elements(svg, "polyline") if "width:1.2" in e.get("style")
    ]
    assert len(solid) == 4
    assert dotted[0] == solid[-1]


@pytest.mark.parametrize("study", [{"cores": 1}, {"cpu_share": 0.0}])
def test_amdahl_is_left_out_where_it_says_nothing(make_study, study):
    assert "Amdahl’s law:" not in texts(drawing.speedup([make_study(**study)], 2))


def test_guess_is_a_star_at_its_place(make_study):
    study = make_study()
    svg = drawing.speedup([study], 2, guesses=[drawing.Guess("processes", 4, 2.0)])
    star, _ = [e.get("d") for e in marks(svg) if e.get("d").endswith(look.STAR)]
    x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", star).groups())
    unit = (BOTTOM - heights(svg, "processes")[1]) / study.points[1].speedup
    assert y == pytest.approx(BOTTOM - 2.0 * unit, abs=0.5)
    assert x == pytest.approx(chart.LEFT + 3.5 * (chart.RIGHT - chart.LEFT) / 5, abs=0.1)
    assert "your guess" in texts(svg)
    assert "your guess: 4 processes, 2.00" in titles(svg)


def test_guess_beyond_all_measure_lies_on_the_upper_edge(make_study):
    svg = drawing.speedup([make_study()], 2, guesses=[drawing.Guess("threads", 2, 99.0)])
    first = next(e.get("d") for e in marks(svg) if e.get("d").endswith(look.STAR))
    assert float(re.match(r"M[\d.]+ ([\d.]+)", first)[1]) == TOP


def test_only_studies_of_the_same_work_are_compared_the_latest_of_each_mode(make_study):
    other, old, threads = make_study(tasks=8), make_study(), make_study("threads")
    latest = make_study()
    shown = comparable([other, old, threads, latest])
    assert [id(study) for study in shown] == [id(threads), id(latest)]


def test_spread_keeps_labels_apart_and_within_limits():
    placed = spread([50, 51, 52], [10, 20, 10], lowest=0, highest=60)
    assert placed == [20, 30, 50]


def test_ticks_are_round_and_reach_as_far_as_the_axis():
    assert ticks(5, at_most=6) == [0, 1, 2, 3, 4, 5]
    assert ticks(0.013, at_most=7) == [0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.012]


# --- words


def plain(sentence):
    return sentence.replace("\xa0", " ")


def test_run_is_described_with_and_without_a_serial_run(make_run):
    run, serial = make_run(tasks=4, cores=2), make_run("serial", tasks=4)
    assert plain(drawing.describe_run(run, serial)) == (
        "2 processes: 4 tasks in 0.23 s, 1.87 times faster than serial (of 2.0 possible)."
    )
    assert "serial mode" in drawing.describe_run(run)
    assert "times the speed of serial" in drawing.describe_run(
        make_run("processes", 1, slower=1.2), serial
    )


def test_study_is_described(make_study):
    assert plain(drawing.describe_study(make_study())) == (
        "2 processes: 16 tasks in 0.87 s, 1.87 times faster than serial (of 2.0 possible). "
        "More than 2 do not help: there is no third core to run on."
    )
    assert "only one core" in drawing.describe_study(make_study(cores=1))


def test_more_workers_than_cores_may_have_been_the_fastest(make_run, make_study):
    study = make_study(most=2)
    third = make_run("processes", 3, 16)  # as if there were a third core
    said = drawing.describe_study(replace(study, runs=(*study.runs, third)))
    assert said.startswith("3 processes")
    assert "do not help" not in said


def test_strong_and_weak_studies_are_not_compared(make_run, make_study):
    assert len(comparable([make_study(tasks=4, most=1), weak(make_run)])) == 1


def test_earlier_runs_are_listed_newest_first_with_their_speedup(make_run):
    serial, run = make_run("serial"), make_run()
    table = ElementTree.fromstring(drawing.earlier_runs([(serial, serial), (run, serial)]))
    rows = [[plain(cell.text) for cell in row] for row in table.iter("tr")]
    assert rows[1:] == [
        ["2 processes", "4 × 100 ms", "0.23 s", "1.87"],
        ["serial", "4 × 100 ms", "0.43 s", "1.00"],
    ]


def test_listed_run_says_how_large_its_tasks_were_and_what_was_chosen(make_run):
    run = replace(make_run(tasks=4), task_ms=None, task_bytes=20_000, lengths="ramp-up")
    table = plain(drawing.earlier_runs([(run, None)]))
    assert "4 × 20 kB" in table
    assert 'title="count-down, ramp-up lengths, map in chunks of 1, fork"' in table


def test_names_are_escaped(make_run):
    run = replace(make_run(), workload="<lambda>")
    assert "&lt;lambda&gt;" in drawing.earlier_runs([(run, None)])
