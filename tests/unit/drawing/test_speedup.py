import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from swimlanes import drawing
from swimlanes.drawing import chart, look
from swimlanes.drawing.chart import BOTTOM, TOP
from swimlanes.records import ScalingStudy


def test_nested_workers_may_be_as_fast_as_their_lanes(picture, make_study):
    study = make_study(cores=8, most=2)
    runs = tuple(
        replace(run, timeline=replace(run.timeline, mode="nested", threads=2)) for run in study.runs
    )
    study = replace(study, runs=runs)
    assert [study.possible(n) for n in (1, 2)] == [2, 4]
    svg = drawing.speedup([study], 8)
    assert picture(svg).measured[1].startswith("2 processes × 2 threads: ")
    assert "number of lanes (processes × threads)" in picture(svg).texts


def test_every_measured_point_says_what_it_is(picture, make_study):
    said = picture(drawing.speedup([make_study(most=5)], 2)).measured
    assert len(said) == 5
    assert said[1].startswith("2 processes: 1.8")
    assert "possible 2.00" in said[1]


def test_disturbed_points_are_hollow_and_say_why(picture, make_study):
    svg = drawing.speedup([make_study(disturbed=(3,))], 2)
    hollow = [e for e in picture(svg).marks if look.PAPER in e.get("style")]
    assert len(hollow) == 1
    assert (
        "in 3 of 3 repetitions programs outside the run used up to 1.0" in picture(svg).measured[2]
    )


def unfair(study):
    return replace(study, serial_runs=tuple(replace(r, others_load=1.5) for r in study.serial_runs))


def test_a_sweep_without_a_fair_baseline_leaves_the_curves_of_other_modes(picture, make_study):
    threads, processes = make_study("threads"), unfair(make_study("processes"))
    shown = picture(drawing.speedup([threads, processes], 2))
    assert len(shown.measured) == 5
    assert "threads" in shown.texts
    assert "No speedup can be told for processes: programs outside" in " ".join(shown.texts)
    assert len(picture(drawing.speedup([threads, processes], 2, show="time")).measured) == 10
    alone = " ".join(picture(drawing.speedup([processes], 2)).texts)
    assert "No speedup can be told from this sweep: programs outside" in alone


def test_modes_differ_by_marker_and_name(picture, make_study):
    svg = drawing.speedup([make_study("threads"), make_study("processes")], 2)
    assert {"threads", "processes"} <= set(picture(svg).texts)
    for mode in ("threads", "processes"):  # five points and one in the list of names
        shown = [e for e in picture(svg).marks if e.get("d").endswith(look.style_of(mode).path)]
        assert len(shown) == 6


@pytest.mark.parametrize("cores", [1, 2, 8])
@pytest.mark.parametrize("most", [1, 5])
def test_labels_do_not_overlap_and_stay_inside(picture, make_study, cores, most):
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
    assert ("1 core" if cores == 1 else f"{cores} cores") in picture(svg).texts


def test_efficiency_is_the_speedup_per_lane(picture, make_study):
    study = make_study(most=4)
    shown = picture(drawing.speedup([study], 2, show="efficiency"))
    (height,) = {BOTTOM - y for _, y in shown.ideal()}
    shares = [(BOTTOM - y) / height for y in shown.heights("processes")]
    assert shares == pytest.approx([point.efficiency for point in study.points], abs=0.01)
    assert {"100%", "share of the ideal"} <= set(shown.texts)


def test_time_is_shown_in_seconds_and_its_ideal_falls(picture, make_study):
    study = make_study(most=4)
    shown = picture(drawing.speedup([study], 2, show="time"))
    ideal = [BOTTOM - y for _, y in shown.ideal()]
    second = ideal[0] / study.serial_s
    seconds = [(BOTTOM - y) / second for y in shown.heights("processes")]
    expected = [point.serial_s / point.speedup for point in study.points]
    assert seconds == pytest.approx(expected, rel=0.02)
    assert ideal == sorted(ideal, reverse=True)
    assert "seconds" in shown.texts


def test_weak_scaling_says_so_and_its_ideal_time_stays(picture, weak_study):
    shown = picture(drawing.speedup([weak_study], 2, show="time"))
    assert "weak scaling: n workers have n times the work" in shown.texts
    assert len({y for _, y in shown.ideal()}) == 1


def test_longest_task_is_drawn_where_it_binds(picture, make_study):
    equal = make_study(cores=8, tasks=4)
    assert "longest task:" not in picture(drawing.speedup([equal], 8)).texts
    runs = [replace(run, lengths="1,8,1.5,2") for run in (*equal.serial_runs, *equal.runs)]
    study = ScalingStudy(tuple(runs[:3]), tuple(runs[3:]))
    shown = picture(drawing.speedup([study], 8)).texts
    assert {"longest task:", "at most 1.56"} <= set(shown)


def test_amdahl_is_solid_up_to_the_cores_and_names_the_serial_part(picture, make_study):
    study = make_study(cores=4, most=6)
    svg = drawing.speedup([study], 4)
    said = next(title for title in picture(svg).titles if title.startswith("Amdahl"))
    assert "fitted to 9 repetitions on up to 4 cores" in said
    assert f"{study.amdahl.serial_fraction:.1%} ± {study.amdahl.stderr:.1%}" in said
    assert f"{study.amdahl.serial_fraction:.1%} serial" in picture(svg).texts
    solid, dotted = [
        e.get("points").split()
        for e in picture(svg).elements("polyline")
        if "width:1.2" in e.get("style")
    ]
    assert len(solid) == 4
    assert dotted[0] == solid[-1]


@pytest.mark.parametrize("study", [{"cores": 1}, {"cpu_share": 0.0}])
def test_amdahl_is_left_out_where_it_says_nothing(picture, make_study, study):
    assert "Amdahl’s law:" not in picture(drawing.speedup([make_study(**study)], 2)).texts


def test_guess_is_a_star_at_its_place(picture, make_study):
    study = make_study()
    svg = drawing.speedup([study], 2, guesses=[drawing.Guess("processes", 4, 2.0)])
    star, _ = [e.get("d") for e in picture(svg).marks if e.get("d").endswith(look.STAR)]
    x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", star).groups())
    unit = (BOTTOM - picture(svg).heights("processes")[1]) / study.points[1].speedup
    assert y == pytest.approx(BOTTOM - 2.0 * unit, abs=0.5)
    assert x == pytest.approx(chart.LEFT + 3.5 * (chart.RIGHT - chart.LEFT) / 5, abs=0.1)
    assert "your guess" in picture(svg).texts
    assert "your guess: 4 processes, 2.00" in picture(svg).titles


def test_guess_of_a_mode_that_is_not_drawn_is_not_drawn_either(picture, make_study):
    guesses = [drawing.Guess("threads", 2, 1.0)]
    shown = picture(drawing.speedup([make_study("processes")], 2, guesses=guesses))
    assert "your guess" not in shown.texts
    both = [make_study("threads"), make_study("processes")]
    assert "your guess" in picture(drawing.speedup(both, 2, guesses=guesses)).texts


def test_guess_beyond_all_measure_lies_on_the_upper_edge(picture, make_study):
    svg = drawing.speedup([make_study()], 2, guesses=[drawing.Guess("processes", 2, 99.0)])
    first = next(e.get("d") for e in picture(svg).marks if e.get("d").endswith(look.STAR))
    assert float(re.match(r"M[\d.]+ ([\d.]+)", first)[1]) == TOP
