import subprocess
import sys
from itertools import combinations, pairwise

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")

from matplotlib import colors, pyplot
from matplotlib.collections import PolyCollection

import swimlanes
from swimlanes import figures
from swimlanes.figures import ground, rows, stretches
from swimlanes.records import Lane, LoadSample, ScalingStudy, TaskRecord
from swimlanes.records.timeline import Timeline

OF_RUNS = (figures.lanes, figures.account, figures.core_load)
OF_STUDIES = (figures.speedup, figures.efficiency, figures.account)


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def nested_run():
    return swimlanes.run("query", mode="nested", workers=2, threads=3, tasks=12, task_ms=5)


@pytest.fixture
def crowded_run(make_run):
    return make_run(workers=64, tasks=512)


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def labels_of(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def boxes(ax):
    """Return where the parts of a drawn figure are that must not overlap, px."""
    ax.figure.canvas.draw()
    named = {"title": ax._left_title, "below": ax.xaxis.label, "beside": ax.yaxis.label}
    named |= {f"{axis.axis_name} {label.get_text()}": label for axis, label in shown_labels(ax)}
    if ax.get_legend():
        named["legend"] = ax.get_legend()
    return {name: part.get_window_extent() for name, part in {"axes": ax, **named}.items()}


def shown_labels(ax):
    """Yield the labels of the ticks that lie within the axes."""
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True):
            if low <= place <= high:
                yield axis, label


def check_layout(ax):
    paper = ax.figure.bbox.expanded(1.01, 1.01)
    drawn = {name: box for name, box in boxes(ax).items() if box.width and box.height}
    for name, box in drawn.items():
        assert paper.x0 <= box.x0, f"{name} reaches over the left edge"
        assert box.x1 <= paper.x1, f"{name} reaches over the right edge"
        assert paper.y0 <= box.y0, f"{name} reaches over the lower edge"
        assert box.y1 <= paper.y1, f"{name} reaches over the upper edge"
    for (name, box), (other, beside) in combinations(drawn.items(), 2):
        assert not box.padded(-0.5).overlaps(beside.padded(-0.5)), f"{name} overlaps {other}"


@pytest.mark.parametrize("figure", OF_RUNS)
def test_figures_of_runs_fit_and_nothing_overlaps(figure, make_run, nested_run, crowded_run):
    for run in (make_run("serial"), make_run(tasks=16, waiting_share=0.2), nested_run, crowded_run):
        check_layout(figure(run))


@pytest.mark.parametrize("figure", OF_STUDIES)
def test_figures_of_studies_fit_and_nothing_overlaps(figure, make_study):
    check_layout(figure(make_study(disturbed=(2, 3))))
    check_layout(figure(make_study("threads", cores=16, most=40, cpu_share=0.1)))


def test_the_figure_of_a_comparison_fits_and_nothing_overlaps(make_comparison):
    for record in (make_comparison(disturbed=[2]), make_comparison(serial_load=1.0)):
        ax = figures.comparison(record)
        check_layout(ax)
        (notes,) = ax.texts
        assert not notes.get_window_extent().overlaps(ax.xaxis.label.get_window_extent())
        assert ax.figure.bbox.x1 >= notes.get_window_extent().x1


def test_the_names_of_a_comparison_stand_in_the_order_of_their_curves(make_comparison):
    _, ax = pyplot.subplots()
    assert figures.comparison(make_comparison(), ax) is ax
    names = [text.rsplit(" ", 1)[0] for text in legend_of(ax)]
    ways = ["processes (fork)", "processes (spawn)", "free-threaded", "threads"]
    assert names[-4:] == ways
    assert [float(text.rsplit(" ", 1)[1]) for text in legend_of(ax)[-4:]] == sorted(
        (float(text.rsplit(" ", 1)[1]) for text in legend_of(ax)[-4:]), reverse=True
    )


def test_disturbed_points_of_a_comparison_are_hollow(make_comparison):
    def hollow(ax):
        paper = colors.to_rgb(ax.get_facecolor())
        return [line for line in ax.lines if colors.to_rgb(line.get_markerfacecolor()) == paper]

    assert len(hollow(figures.comparison(make_comparison()))) == 0
    assert len(hollow(figures.comparison(make_comparison(disturbed=[2])))) == 2


@pytest.mark.parametrize("figure", [*OF_RUNS, *OF_STUDIES[:2]])
def test_figures_are_drawn_where_they_are_asked_to(figure, make_run, make_study):
    _, (left, right) = pyplot.subplots(1, 2)
    record = make_run() if figure in OF_RUNS else make_study()
    assert figure(record, right) is right
    assert not left.lines
    assert not left.patches


@pytest.mark.parametrize("figure", [*OF_RUNS, *OF_STUDIES])
def test_figures_follow_the_style(figure, make_run, make_study):
    record = make_study(disturbed=(2,)) if figure in OF_STUDIES else make_run()
    with pyplot.style.context("dark_background"):
        ax = figure(record)
        legend = ax.get_legend().get_texts() if ax.get_legend() else []
        for text in (*legend, *ax.get_xticklabels(), ax.xaxis.label, ax._left_title):
            assert colors.to_rgb(text.get_color()) == (1.0, 1.0, 1.0)
        shades = {colors.to_rgb(patch.get_facecolor()) for patch in ax.patches}
        assert (0.0, 0.0, 0.0) not in shades
        assert (1.0, 1.0, 1.0) not in shades


def test_lanes_show_workers_and_numbers(make_run):
    ax = figures.lanes(make_run(workers=2, tasks=4))
    assert labels_of(ax) == ["worker 1", "worker 2"]
    assert sorted(text.get_text() for text in ax.texts) == ["0", "1", "2", "3"]
    *fills, line = legend_of(ax)
    assert fills == ["start-up", "useful", "idle"]
    assert line.replace("\N{NO-BREAK SPACE}", " ") == "all results in hand: 0.21 s"


def test_lanes_of_a_process_stand_together(nested_run):
    labels = labels_of(figures.lanes(nested_run))
    assert labels == [f"process {p}, thread {t}" for p in (1, 2) for t in (1, 2, 3)]
    by_turns = tuple(Lane(lane, 70 + lane % 2, 80 + lane, 0.1) for lane in range(1, 7))
    row_of = rows.lane_rows(Timeline("nested", 2, 12, 1, 1.0, lanes=by_turns, threads=3))
    pids = {row_of[lane.worker]: lane.pid for lane in by_turns}
    assert [pids[row] == pids[row + 1] for row in range(1, 6)] == [True, True, False, True, True]


def test_lanes_that_were_never_ready_have_a_row():
    timeline = Timeline("nested", 2, 4, 1, 1.0, lanes=(Lane(1, 70, 71, 0.1),), threads=2)
    assert rows.lane_rows(timeline) == {1: 1, 2: 2, 3: 3, 4: 4}


def test_many_workers_leave_out_labels_and_numbers_rather_than_overlap(crowded_run):
    _, ax = pyplot.subplots(figsize=(6, 3))
    figures.lanes(crowded_run, ax)
    assert 8 < len(labels_of(ax)) < 40
    assert not ax.texts


def test_many_tasks_give_way_to_shares_of_short_stretches(make_run):
    run = make_run(workers=2, tasks=5000, task_s=0.001, cpu_share=0.7, waiting_share=0.2)
    ax = figures.lanes(run)
    assert len([each for each in ax.collections if isinstance(each, PolyCollection)]) == 3
    assert legend_of(ax)[1:4] == ["useful", "waiting for a core", "blocked"]
    outlines = stretches.outlines(run.timeline, {1: 1, 2: 2}, half=0.5)
    areas_s = {state: sum(map(area, shapes)) for state, shapes in outlines.items()}
    assert areas_s == pytest.approx({"useful": 3.5, "waiting": 4.5, "blocked": 5.0}, rel=0.001)


def area(outline):
    x, y = np.array(outline).T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def test_a_lane_without_tasks_has_no_shares():
    tasks = (TaskRecord(0, 1, 0.0, 0.5, 0.5, 0.0),)
    timeline = Timeline("threads", 2, 1, 1, 1.0, lanes=(), tasks=tasks)
    assert len(stretches.outlines(timeline, {1: 1, 2: 2}, half=0.4)["useful"]) == 1


def test_speedup_shows_measured_ideal_possible_amdahl_and_cores(make_study):
    ax = figures.speedup(make_study())
    names = legend_of(ax)
    assert names[:2] == ["ideal", "possible (chunks, cores)"]
    assert names[2].startswith("Amdahl, serial part ")
    assert names[3:] == ["2 cores", "processes"]
    assert len(ax.collections) >= 1  # the band of Amdahl's bounds


def test_amdahl_is_not_drawn_where_it_says_nothing(make_study):
    for study in (make_study(cpu_share=0.1), make_study("threads", cores=1)):
        assert not [name for name in legend_of(figures.speedup(study)) if "Amdahl" in name]


def test_the_longest_task_is_a_ceiling_where_tasks_differ():
    study = swimlanes.study(
        "query", mode="threads", tasks=4, task_ms=3, lengths="1,8,1.5,2", repeats=1, max_workers=3
    )
    assert "longest task allows 1.56" in legend_of(figures.speedup(study))


def test_weak_scaling_says_that_the_work_grows(make_run):
    study = ScalingStudy((make_run("serial", tasks=4),), (make_run(workers=1, tasks=4),), "weak")
    assert figures.speedup(study).get_ylabel() == "scaled speedup (work grows with n)"


def test_a_study_without_points_can_be_drawn(make_run):
    study = ScalingStudy((make_run("serial"),))
    for figure in OF_STUDIES:
        figure(study).figure.canvas.draw()


def test_efficiency_is_the_speedup_per_lane(make_study):
    study = make_study()
    curve = next(line for line in figures.efficiency(study).lines if line.get_label() == study.mode)
    assert list(curve.get_ydata()) == [point.speedup / point.lanes for point in study.points]


@pytest.mark.parametrize("figure", OF_STUDIES[:2])
def test_a_second_study_on_the_same_axes_adds_its_curve_only(figure, make_study):
    ax = figure(make_study(most=3))
    figure(make_study("threads", most=6), ax)
    names = legend_of(ax)
    assert {"processes", "threads"} <= set(names)
    assert names.count("ideal") == 1
    assert ax.get_xlim() == (0.5, 6.5)
    figure(make_study("nested", most=2), ax)
    assert ax.get_xlim() == (0.5, 6.5)


def test_disturbed_points_are_hollow_and_explained_once(make_study):
    ax = figures.speedup(make_study(disturbed=(2,)))
    figures.speedup(make_study("threads", disturbed=(3,)), ax)
    paper = ax.get_facecolor()
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == paper]
    assert [list(line.get_xdata()) for line in hollow] == [[2], [3]]
    assert legend_of(ax).count("hollow: no fair measurement, disturbed") == 1


def test_the_account_of_a_run_fills_every_lane(nested_run):
    ax = figures.account(nested_run)
    lengths = dict.fromkeys(range(1, 7), 0.0)
    for bar in ax.patches:
        lengths[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()
    wall_time_s = nested_run.wall_time_s
    assert list(lengths.values()) == pytest.approx([wall_time_s] * 6, rel=0.02)


def test_the_account_of_a_study_is_as_high_as_there_are_lanes(make_study):
    study = make_study()
    ax = figures.account(study)
    heights = dict.fromkeys(range(1, 6), 0.0)
    for bar in ax.patches:
        heights[round(bar.get_x() + bar.get_width() / 2)] += bar.get_height()
    assert list(heights.values()) == pytest.approx([1, 2, 3, 4, 5])
    assert list(ax.lines[0].get_ydata()) == [point.speedup for point in study.points]


def test_every_part_of_an_account_has_a_name_and_a_fill_of_its_own(make_run):
    from swimlanes.metrics import PARTS, LaneAccount

    assert {*PARTS, *LaneAccount._fields} <= set(ground.NAMES)
    assert set(figures.account.__globals__["_ORDER"]) == set(LaneAccount._fields)
    ax = pyplot.subplots()[1]
    fills = [tuple(sorted(map(str, ground.fill(ax, part).items()))) for part in PARTS]
    assert len(set(fills)) == len(PARTS)


def test_core_load_shows_a_row_per_core(make_run):
    from dataclasses import replace

    run = make_run(tasks=16)
    load = (LoadSample(0.2, (1.0, 0.5)), LoadSample(0.4, (0.5, 0.0)))
    run = replace(run, timeline=replace(run.timeline, core_load=load))
    ax = figures.core_load(run)
    assert labels_of(ax) == ["core 1", "core 2"]
    assert ax.get_title("left").endswith("1.00 cores on average")
    first = ax.patches[-2].get_data()
    assert list(first.edges) == [0.0, 0.2, 0.4]
    assert [first.baseline - value for value in first.values] == pytest.approx([0.8, 0.4])


def test_core_load_of_a_short_run_says_so(make_run):
    ax = figures.core_load(make_run())
    assert [text.get_text() for text in ax.texts] == ["too short a run to tell"]


def test_short_times_are_in_ms(make_run):
    ax = figures.lanes(make_run(task_s=0.001))
    ax.figure.canvas.draw()
    assert ax.get_xlabel() == "time / ms"
    ticks = [float(label.get_text()) for label in ax.get_xticklabels()]
    assert all(before < after for before, after in pairwise(ticks))
    assert ticks[-1] > 1


def test_matplotlib_is_loaded_only_when_something_is_drawn():
    code = "import sys, swimlanes.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
