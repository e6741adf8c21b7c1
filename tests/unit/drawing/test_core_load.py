import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from swimlanes.drawing.core_load import Load, coarse, core_load
from swimlanes.drawing.frame import LEFT, RIGHT
from swimlanes.records import LoadSample


def steps(svg, kind):
    """Return the steps of each area of one kind: where they end and how high they are, px."""
    areas = []
    for foot, path in re.findall(rf'class="{kind}" d="M[\d.]+ ([\d.]+)(V[^"]+)"', svg):
        found = re.findall(r"V([\d.]+)H([\d.]+)", path)
        areas.append([(float(x), round(float(foot) - float(y), 1)) for y, x in found])
    return areas


def test_without_a_run_there_is_a_word_about_what_to_do():
    assert "Press Run" in core_load(None, [0])


@pytest.fixture
def timeline(make_run):
    """A run of two spans on two cores: first only ours, then half of core 1 is others'."""
    samples = (LoadSample(0.1, (1.0, 0.5), (1.0, 0.5)), LoadSample(0.2, (1.0, 1.0), (0.9, 0.5)))
    return dataclasses.replace(make_run(tasks=4).timeline, core_load=samples)


def test_a_row_for_each_core_tells_ours_from_others(timeline):
    svg = core_load(timeline, [4, 7])
    ET.fromstring(svg)
    assert "core 4" in svg
    assert "core 7" in svg
    scale = (RIGHT - LEFT) / timeline.elapsed_s
    ends = [pytest.approx(LEFT + moment * scale, abs=0.1) for moment in (0.1, 0.2)]
    assert steps(svg, "y") == [  # a row is 20 px high
        [(ends[0], 20), (ends[1], 18)],
        [(ends[0], 10), (ends[1], 10)],
    ]
    assert steps(svg, "j") == [  # behind ours: all that was taken
        [(ends[0], 20), (ends[1], 20)],
        [(ends[0], 10), (ends[1], 20)],
    ]


def test_load_of_a_run_that_goes_on_reaches_as_far_as_it_is_known(timeline):
    live = dataclasses.replace(timeline, wall_time_s=None, elapsed_s=0.23)
    svg = core_load(live, [4, 7])
    ends = {x for area in steps(svg, "y") for x, _ in area}
    scale = (RIGHT - LEFT) / 0.5  # the axis of the lanes grows in steps
    assert max(ends) == pytest.approx(LEFT + 0.2 * scale, abs=0.1)
    nothing_yet = core_load(dataclasses.replace(live, core_load=()), [4, 7])
    assert "core 7" in nothing_yet
    assert steps(nothing_yet, "y") == []


def test_run_without_a_sample_was_too_short(timeline):
    assert "too short" in core_load(dataclasses.replace(timeline, core_load=()), [4, 7])


def test_many_samples_are_averaged_over_time():
    load = Load(np.array([0.0, 1.0, 3.0, 4.0]), *2 * [np.array([[1.0], [0.5], [0.0]])])
    half = coarse(load, 2)
    assert half.edges.tolist() == [0, 2, 4]
    assert half.own.ravel().tolist() == [0.75, 0.25]
    assert half.mean(half.busy) == load.mean(load.busy) == [0.5]


def test_load_of_many_cores_over_a_long_run_is_small_enough_to_send(timeline):
    many = tuple(
        LoadSample(moment / 1000, (moment % 7 / 7,) * 40, (moment % 5 / 7,) * 40)
        for moment in range(200)
    )
    svg = core_load(dataclasses.replace(timeline, core_load=many), range(40))
    assert "the first 32" in svg
    assert "core 31" in svg
    assert "core 32" not in svg
    assert len(svg.encode()) <= 30_000


def test_load_is_told_in_words(timeline):
    label = re.search('aria-label="([^"]+)"', core_load(timeline, [4, 7]))[1]
    assert label == (
        "Load of the cores up to 0.2\xa0s; later nothing was measured: "
        "core 4 100% busy, 95% with this run; "
        "core 7 75% busy, 50% with this run."
    )


def test_load_whose_owner_is_unknown_is_all_ours(timeline):
    unknown = tuple(LoadSample(load.until_s, load.busy) for load in timeline.core_load)
    svg = core_load(dataclasses.replace(timeline, core_load=unknown), [4, 7])
    assert steps(svg, "j") == steps(svg, "y")
