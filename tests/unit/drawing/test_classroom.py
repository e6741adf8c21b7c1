from itertools import pairwise
from types import SimpleNamespace

import pytest

from swimlanes.drawing import look
from swimlanes.drawing.classroom import Curve, class_curves, class_guesses
from swimlanes.drawing.svg import sentence_of


def curve(person, *speedups, cores=4, disturbed=(), note=""):
    points = [
        SimpleNamespace(lanes=n, speedup=s, speedup_spread=(s * 0.9, s), disturbed=n in disturbed)
        for n, s in enumerate(speedups, start=1)
    ]
    return Curve(person, cores, points, note)


def of_persons(shown):
    return {e.get("data-person"): e for e in shown.elements("g") if e.get("data-person")}


def test_everybody_has_a_curve_of_a_colour_and_a_shape(picture):
    shown = picture(class_curves([curve(1, 1.0, 1.9), curve(12, 1.0, 1.5)], "processes"))
    curves = of_persons(shown)
    assert set(curves) == {"1", "12"}
    for person, drawn in curves.items():
        style = look.style_of_person(int(person))
        marks = [path for path in drawn.iter() if path.get("class") == "mark"]
        assert len(marks) == 2
        assert all(mark.get("d").endswith(style.path) for mark in marks)
        assert style.colour in drawn[0].get("style")


def test_neighbours_differ_in_colour_and_shape_and_nobody_is_like_another():
    people = [look.style_of_person(number) for number in range(1, 57)]
    assert len({(style.colour, style.marker) for style in people}) == 56
    for one, other in pairwise(people):
        assert one.colour != other.colour
        assert one.marker != other.marker


def test_points_of_the_same_number_of_lanes_stand_apart(picture):
    shown = picture(class_curves([curve(n, 1.0, 1.5) for n in range(1, 31)], "processes"))
    firsts = [mark.get("d").split()[0] for mark in shown.marks if "l" in mark.get("d")]
    assert len(set(firsts)) > 30


def test_what_was_disturbed_is_hollow_and_counts_for_no_median(picture):
    curves = [curve(n, 1.0, speedup) for n, speedup in enumerate([1.8, 2.0, 2.2], start=1)]
    shown = picture(class_curves([*curves, curve(4, 1.0, 0.1, disturbed=[2])], "processes"))
    assert sum(look.PAPER in mark.get("style") for mark in shown.marks) == 1
    assert "median 2.00" in shown.texts
    assert "other programs, or a slow serial run" in " ".join(shown.texts)
    assert any("Person 4, 2 lanes on 4 cores: 0.10" in title for title in shown.titles)


def test_each_number_of_cores_has_a_median_of_its_own(picture):
    few = [curve(n, 1.0, s, s, s, cores=2) for n, s in enumerate([1.7, 1.8, 1.9], start=1)]
    many = [curve(n, 1.0, 2.0, s, s + 1, cores=4) for n, s in enumerate([2.7, 2.8, 2.9], start=4)]
    one = curve(7, *[5.0] * 4, cores=8)
    svg = class_curves([*few, *many, one], "processes")
    texts = picture(svg).texts
    for told in (("median 1.80", "(2 cores)"), ("median 3.80", "(4 cores)")):
        assert set(told) <= set(texts)
    assert sum("median" in text for text in texts) == 2
    assert "Median with 4 cores, 1: 1.00, 2: 2.00, 3: 2.80, 4: 3.80." in sentence_of(svg)


def test_a_median_does_not_lead_over_points_that_were_disturbed(picture):
    def medians(*disturbed):
        curves = [curve(n, 1.0, 1.8, 1.9, 2.0, disturbed=disturbed) for n in range(1, 4)]
        lines = picture(class_curves(curves, "processes")).elements("polyline")
        drawn = [line.get("points").split() for line in lines if "width:5" in line.get("style")]
        return [len(set(corners)) for corners in drawn]

    assert medians() == [4]
    assert medians(2) == [1, 2]
    assert medians(2, 3) == [1, 1]
    assert medians(2, 3, 4) == []
    assert medians(1, 2, 3, 4) == []


def test_a_few_have_no_median(picture):
    shown = picture(class_curves([curve(1, 1.0, 2.0), curve(2, 1.0, 2.0)], "processes"))
    assert not any("median" in text for text in shown.texts)
    assert "2 people, 4 cores each" in shown.texts


def test_cores_are_told_where_they_differ(picture):
    curves = [curve(n, 1.0, 2.0, cores=cores) for n, cores in enumerate([2, 4, 4, 8], start=1)]
    shown = picture(class_curves(curves, "processes"))
    assert "4 people: 2 with 4 cores, 1 with 2 cores, 1 with 8 cores" in shown.texts


@pytest.mark.attack("share a curve that goes through the roof", "the others can still be read")
def test_one_curve_cannot_make_the_others_unreadable(picture):
    fair = [curve(n, 1.0, 1.9, 2.8, 3.5) for n in range(1, 6)]
    wild = curve(6, *[1e6] * 60, cores=1 << 16, note="<b>hm</b>")
    shown = picture(class_curves([*fair, wild], "processes"))
    assert "more than 8 lanes are not drawn" in " ".join(shown.texts)
    ticks = [float(text) for text in shown.texts if text.replace(".", "").isdigit()]
    assert max(ticks) <= 8.5
    assert any("<b>hm</b>" in title for title in shown.titles)
    assert not shown.elements("b")


def test_one_person_with_one_point_and_nobody(picture):
    shown = picture(class_curves([curve(1, 0.9)], "processes"))
    assert "1 person, 4 cores" in shown.texts
    assert any("Nobody has shared" in text for text in picture(class_curves([], "x")).texts)
    assert any("Nobody has shared" in text for text in picture(class_guesses([], "x")).texts)


def test_guesses_are_counted(picture):
    svg = class_guesses([4, 3.6, 4.4, 1, 0.2, 2.5], "guesses: processes, 4 workers")
    shown = picture(svg)
    assert "3 of 6 guessed about 4" in shown.texts
    assert "1: 2 people, 3: 1 person, 4: 3 people" in sentence_of(svg)
    assert len(shown.paths("u")) == 3


def test_a_wild_guess_is_counted_with_the_high_ones(picture):
    shown = picture(class_guesses([4, 4, 3, 1e6], "guesses"))
    assert "8 stands for 8 and more" in shown.texts
