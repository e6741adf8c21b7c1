from dataclasses import replace

import pytest

from swimlanes import drawing
from swimlanes.drawing import look
from swimlanes.modes import MODES, start_methods
from swimlanes.records import Comparison, Way

WAYS = [Way(mode) for mode in MODES if mode not in ("serial", "processes", "nested")]
WAYS += [Way("processes", method) for method in start_methods()]
NAMES = ["threads", "free-threaded", "processes (fork)", "processes (spawn)"]


@pytest.mark.parametrize("part", ["colour", "dash", "marker"])
def test_every_way_has_a_look_of_its_own(part):
    assert len({getattr(look.style_of(*way), part) for way in WAYS}) == len(WAYS)


def test_every_curve_has_its_name_and_last_value(picture, make_comparison):
    record = make_comparison()
    texts = picture(drawing.comparison(record)).texts
    for study, name in zip(record.studies, NAMES, strict=True):
        assert f"{name} {record.points(study)[-1].speedup:.2f}" in texts
    assert {"ideal", "possible here", "serial", "2 cores"} <= set(texts)


def test_points_of_the_same_number_of_workers_stand_apart_and_that_is_said(
    picture, make_comparison
):
    record, said = make_comparison(), "points of the same number of workers stand side by side"
    shown = picture(drawing.comparison(record))
    assert said in shown.texts
    alone = replace(record, studies=record.studies[:1])
    assert said not in picture(drawing.comparison(alone)).texts
    curves = [e.get("points").split() for e in shown.elements("polyline")]
    measured = [curve for curve in curves if len(curve) == 2]
    firsts = [float(curve[0].split(",")[0]) for curve in measured]
    assert len(firsts) == len(set(firsts)) == len(NAMES)


def test_the_price_of_another_python_is_told(picture, make_comparison):
    texts = picture(drawing.comparison(make_comparison())).texts
    assert any("The price of free-threaded: serial takes 1.4" in text for text in texts)
    assert any("as fast as serial in CPython 3.13.5, which took" in text for text in texts)


def test_the_price_is_not_told_where_others_disturbed_a_serial_run(picture, make_comparison):
    record = make_comparison()
    threads, free, *rest = record.studies
    slow = tuple(replace(run, others_load=1.5) for run in free.serial_runs)
    record = replace(record, studies=(threads, replace(free, serial_runs=slow), *rest))
    told = " ".join(picture(drawing.comparison(record)).texts)
    assert "price of free-threaded cannot be told: programs outside a serial run kept 1.50" in told
    assert "1.4" not in drawing.comparison_table(record)
    assert "1.47" in drawing.comparison_table(make_comparison())


def test_a_serial_run_that_was_repeated_does_not_make_the_points_medians(picture, make_comparison):
    def once(study):
        ways = {run.workers: run for run in study.runs}
        return replace(study, serial_runs=study.serial_runs[:1], runs=tuple(ways.values()))

    record = make_comparison()
    assert "median of 3, bars: spread" in " ".join(picture(drawing.comparison(record)).texts)
    single = replace(record, studies=tuple(map(once, record.studies)))
    assert "median" not in " ".join(picture(drawing.comparison(single)).texts)


def test_what_was_disturbed_is_hollow_and_said_to_be(picture, make_comparison):
    def hollow(shown):
        return [mark for mark in shown.marks if look.PAPER in mark.get("style")]

    assert hollow(picture(drawing.comparison(make_comparison()))) == []
    shown = picture(drawing.comparison(make_comparison(disturbed=[2])))
    assert len(hollow(shown)) == 2 * (1 + 1)  # both ways of processes, in the chart and beside it
    assert any(text.startswith("hollow: no fair measurement") for text in shown.texts)
    assert sum("No fair measurement" in title for title in shown.titles) == 2 * (1 + 1)


def test_without_a_fair_serial_run_there_is_no_speedup(picture, make_comparison):
    record = make_comparison(serial_load=1.0)
    shown = picture(drawing.comparison(record))
    assert any("No speedup can be told" in text for text in shown.texts)
    assert shown.marks == []
    assert any("No speedup can be told" in text for text in drawing.describe_comparison(record))
    assert "1.8" not in drawing.comparison_table(record)


def test_ways_that_the_spread_does_not_tell_apart_have_no_winner(make_comparison):
    [said] = drawing.describe_comparison(make_comparison())  # fork and spawn took the same time
    assert said.startswith("Processes (fork) with 2 workers: 1.79")
    assert said.endswith("About equal, this comparison cannot tell: processes (spawn) with 2.")


def test_no_winner_among_ways_that_others_disturbed(make_comparison):
    (said,) = drawing.describe_comparison(make_comparison(disturbed=[2]))
    assert said.startswith("Processes (fork) with 2 workers: 1.79 times as fast")
    assert "no fair measurement: programs outside this run kept" in said
    assert "Fastest" not in said
    assert "no fair measurement" not in drawing.describe_comparison(make_comparison())[0]


def test_no_way_is_said_to_bring_nothing_where_others_disturbed_one(make_comparison):
    def told(**made):
        record = make_comparison(**made)
        slow = [
            replace(run, timeline=replace(run.timeline, wall_time_s=2 * run.wall_time_s))
            for study in record.studies
            for run in study.runs
        ]
        studies, at = [], 0
        for study in record.studies:
            studies.append(replace(study, runs=tuple(slow[at : at + len(study.runs)])))
            at += len(study.runs)
        return drawing.describe_comparison(replace(record, studies=tuple(studies)))[-1]

    assert told().startswith("No speedup so far: at best")
    assert told(disturbed=[2]).startswith("It cannot be told whether there is a speedup: programs")


def test_before_the_first_point(picture, make_comparison):
    record = make_comparison()
    bare = Comparison(record.serial_runs)
    for nothing in (None, bare):
        assert "on its way" in picture(drawing.comparison(nothing)).texts[-1]
    assert drawing.describe_comparison(bare)[0].startswith("Serial: 4 tasks in")


def test_no_gain_is_told_of_what_was_measured_and_of_no_more(make_comparison):
    record = make_comparison()
    alone = replace(record, studies=record.studies[:1])
    sentence = drawing.describe_comparison(alone)[0]
    assert (
        sentence
        == "No speedup so far: at best 1.00 times as fast as serial, threads with 1 worker."
    )


def test_the_first_that_was_measured_is_not_the_fastest(make_comparison):
    record = make_comparison()
    fork = record.studies[2]
    fork = replace(fork, runs=tuple(run for run in fork.runs if run.workers == 2))
    (sentence,) = drawing.describe_comparison(replace(record, studies=(fork,)))
    assert sentence.startswith("Processes (fork) with 2 workers: ")


def test_the_table_has_a_line_for_every_point_and_every_reason(make_comparison):
    record = make_comparison()
    table = drawing.comparison_table(record)
    head_and_serial, points = 2, 2 * len(NAMES)
    assert table.count("<tr") == head_and_serial + points + len(record.left_out)
    assert "Subinterpreters need Python 3.14" in table
