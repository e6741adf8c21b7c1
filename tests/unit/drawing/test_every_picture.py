"""What holds for all pictures: one meaning for a fill, readable letters, nothing cut off."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from swimlanes import drawing
from swimlanes.drawing import chart, look
from swimlanes.drawing.classroom import Curve, class_curves, class_guesses
from swimlanes.drawing.svg import size_of
from swimlanes.records import LoadSample, LostAttempt

FILLS = set("ruwblyjxqzied") | {"N"}
LEAST_PX = 11
LETTER, BOLD, BESIDE = 6.2, 7.2, 6.5


def whole(run):
    """Return the run with all that lanes can show: a warm-up, a lost attempt, a failure, load."""
    lanes = [replace(lane, warmup_start_s=0.01, warmup_end_s=0.02) for lane in run.timeline.lanes]
    timeline = replace(
        run.timeline,
        lanes=tuple(lanes),
        warmup_s=0.01,
        lost=(LostAttempt(0, 1, 0.02, 0.03),),
        failed=(1,),
        core_load=(LoadSample(0.2, (1.0, 0.5), (0.5, 0.5)),),
    )
    return replace(run, timeline=timeline)


def titled(*runs):
    return drawing.compared_lanes(runs, "swimlanes", max(r.timeline.elapsed_s for r in runs))


def of_runs(run):
    live = replace(run.timeline, wall_time_s=None, map_s=None)
    return {
        "lanes": titled(run),
        "live lanes": drawing.lanes(live),
        "load": drawing.core_load(run.timeline, [0, 1]),
        "account": drawing.account(drawing.account_rows(run, None), legend=True),
    }


@pytest.fixture
def pictures(make_run, make_study, make_comparison):
    run = whole(make_run("threads", 2, 16, cpu_share=0.4, waiting_share=0.2))
    many = make_run("processes", 48, 5000, cpu_share=0.4)
    first, *others = run.account.lanes
    sending = replace(run.account, lanes=(first._replace(transfer=0.05), *others))
    studies = [make_study("threads", cpu_share=0.1), make_study(disturbed=(2,))]
    return of_runs(run) | {
        "many lanes": titled(many),
        "account of a panel": drawing.account([drawing.Row("2 workers", sending)]),
        "account of a study": drawing.account(
            drawing.account_rows(run, studies[-1]), legend=True
        ),
        **{show: drawing.speedup(studies, 2, show=show) for show in chart.ASPECTS},
        "comparison": drawing.comparison(make_comparison(disturbed=[2])),
        "class": class_curves(
            [Curve(n, 2**n, studies[1].points, "on battery") for n in range(30)],
            "nested: matrix-product, 1000 tasks of 100 ms, lengths ramp-down",
        ),
        "guesses": class_guesses([1, 2, 4, 4.5], "guesses: free-threaded, 16 workers"),
    }  # fmt: skip


def named(shown):
    """Yield the style of each swatch of a legend with the name beside it."""
    pieces = [e for e in shown.root.iter() if e.tag.endswith(("path", "text"))]
    for one, following in pairwise(pieces):
        if one.tag.endswith("path") and following.get("class") == "s":
            yield one.get("class"), following.text


def test_a_fill_has_one_meaning_in_all_pictures(picture, pictures):
    names = {}
    for svg in pictures.values():
        for kind, name in named(picture(svg)):
            names.setdefault(kind, set()).add(name)
    assert {"u", "w", "b", "l", "i", "e", "y", "j", "N", "z", "q"} <= set(names)
    assert {kind: found for kind, found in names.items() if len(found) > 1} == {}
    assert len({str(fill) for fill in look._FILLS.values()}) == len(look._FILLS)


def test_every_fill_that_is_drawn_is_named(picture, pictures):
    for name in ("lanes", "load", "account", "account of a study"):
        shown = picture(pictures[name])
        drawn = {e.get("class") for e in shown.elements("path")} & FILLS
        assert drawn <= dict(named(shown)).keys(), name
    shown = picture(pictures["account of a panel"])  # below the lanes, which name the others
    drawn = {e.get("class") for e in shown.elements("path")} & FILLS
    assert drawn <= dict(named(shown)).keys() | dict(named(picture(pictures["lanes"]))).keys()
    assert "x" in drawn


def test_a_picture_holds_no_style_that_it_does_not_use(pictures):
    for svg in pictures.values():
        for fill in re.findall(r'<pattern id="[\w-]+-(\w)"', svg):
            assert re.search(rf'class="(\w )*{fill}[ "]', svg)


def test_letters_can_be_read_at_natural_size(pictures):
    for name, svg in pictures.items():
        sizes = [float(size) for size in re.findall(r"font(?:-size)?:([\d.]+)px", svg)]
        assert min(sizes) >= LEAST_PX, name


def test_no_text_is_cut_off(picture, pictures):
    for name, svg in pictures.items():
        width, height = size_of(svg)
        for text in picture(svg).elements("text"):
            if text.get("x") is None:
                continue
            kinds = text.get("class").split()
            said = text.text or ""
            room = len(said) * (BOLD if "h" in kinds else LETTER)
            room += sum(len(part.text) * BESIDE for part in text.findall("{*}tspan"))
            x = float(text.get("x"))
            left = x - room * ("e" in kinds) - room / 2 * bool({"m", "n"} & set(kinds))
            assert left >= -LETTER * 3, (name, said)
            assert left + room <= width + LETTER, (name, said)
            assert float(text.get("y")) < height, (name, said)


@pytest.mark.parametrize("mode", ["processes", "threads", "serial"])
def test_one_is_no_plural(make_run, make_study, mode):
    run = whole(make_run(mode, 1, 2, cores=1))
    texts = [*of_runs(run).values(), drawing.run_table(run), drawing.describe_run(run)]
    study = make_study("processes", cores=1, most=1, tasks=1)
    texts += [drawing.speedup([study], 1), drawing.study_table(study)]
    texts += [drawing.describe_study(study), drawing.explain(study.runs[0], study.baseline)]
    wrong = re.compile(r"(?<![\d.,])1\s(?:worker|task|call|core|thread|process|lane|run|time)e?s\b")
    assert [found for text in texts for found in wrong.findall(text)] == []


def test_what_is_possible_is_never_more_than_the_ideal(picture, make_study, make_comparison):
    for cores, most in ((1, 3), (4, 3), (16, 8)):
        study = make_study(cores=cores, most=most)
        for show in chart.ASPECTS:
            check_below(picture(drawing.speedup([study], cores, show=show)), show == "time")
    check_below(picture(drawing.comparison(make_comparison())), False)


def check_below(shown, upwards):
    """Compare the heights of the first two lines of a chart: the ideal, and what is possible."""
    ideal, possible = map(corners, shown.elements("polyline")[:2])
    common = [(x, y) for x, y in possible if ideal[0, 0] <= x <= ideal[-1, 0]]
    assert common
    for x, y in common:
        above = np.interp(x, *ideal.T) - y
        assert (-above if upwards else above) <= 0.5


def test_no_measured_point_lies_above_what_is_possible(picture, make_comparison):
    """Points of a comparison stand apart, and to the left of their number less is possible."""
    shown = picture(drawing.comparison(make_comparison()))
    _, possible, *curves = map(corners, shown.elements("polyline"))
    for curve in curves:
        assert (curve[:, 0] >= possible[:2, 0] - 0.1).all()


def corners(line):
    return np.array([point.split(",") for point in line.get("points").split()], float)


@pytest.mark.parametrize(("tasks", "most"), [(16, 10_000), (200, 12_000), (2000, 12_000)])
def test_lanes_take_few_bytes(make_run, tasks, most):
    run = make_run("threads", 2, tasks, cpu_share=0.4, waiting_share=0.2)
    assert len(titled(run)) <= most


def test_a_task_that_failed_has_a_mark_and_a_word(picture, make_run):
    run = make_run(tasks=4)
    timeline = replace(run.timeline, mode="watched", failed=(2,))
    shown = picture(drawing.lanes(timeline))
    assert {"2 · failed", "a call that failed"} <= set(shown.texts)
    assert len(shown.paths("X")) == 2
    assert any(title.startswith("call 2, failed: ") for title in shown.titles)
    assert "Call 2 failed." in shown.root.get("aria-label")
    drawing.lanes(replace(run.timeline, failed=(99,)))  # a stranger's record may say anything
    many = make_run(tasks=1000).timeline
    assert len(picture(drawing.lanes(replace(many, failed=(999,)))).paths("X")) == 2
