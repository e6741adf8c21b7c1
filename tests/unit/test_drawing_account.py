import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest

from swimlanes.drawing.account import MAX_ROWS, Row, account
from swimlanes.drawing.core_load import core_load
from swimlanes.drawing.frame import LEFT, RIGHT
from swimlanes.records import LoadSample


def boxes(svg, kind):
    """Return x, width and height of the boxes of one kind."""
    paths = re.findall(rf'class="{kind}" d="M([\d.]+) [\d.]+h([\d.]+)v([\d.]+)', svg)
    return [tuple(map(float, path)) for path in paths]


def test_without_runs_there_is_a_word_about_what_to_do():
    assert "Run or sweep" in account([])
    assert "shows here" in core_load(None, [0])


def test_the_parts_of_a_bar_fill_it(make_run):
    svg = account([Row("n = 2", make_run(cpu_share=0.5, waiting_share=0.3, tasks=3).account)])
    ET.fromstring(svg)
    widths = {kind: sum(width for _, width, _ in boxes(svg, kind)) for kind in "uwbli"}
    assert all(width > 0 for width in widths.values())
    assert sum(widths.values()) == pytest.approx(316 - 46, abs=0.5)


def test_shares_are_told_in_words(make_run):
    svg = account([Row("n = 1", make_run("serial", tasks=100).account)])
    label = re.search('aria-label="([^"]+)"', svg)[1]
    assert label.startswith("Where the time went. n = 1: 100% useful")


def test_many_rows_are_cut_and_said_to_be(make_run):
    rows = [Row(f"n = {n}", make_run(workers=n, tasks=64).account) for n in range(1, 33)]
    svg = account(rows)
    assert f"the first {MAX_ROWS}" in svg
    assert "n = 13" not in svg
    assert len(svg) < 15_000


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
    _, *ours = boxes(svg, "y")
    _, *others = boxes(svg, "w")
    assert len(ours) == 4
    full = max(height for _, _, height in ours)
    assert [round(height / full, 1) for _, _, height in ours] == [1.0, 0.9, 0.5, 0.5]
    assert sorted(round(height / full, 1) for _, _, height in others if height) == [0.1, 0.5]
    assert min(x for x, _, _ in ours) == LEFT
    assert max(x + width for x, width, _ in ours) <= RIGHT


def test_load_is_told_in_words(timeline):
    label = re.search('aria-label="([^"]+)"', core_load(timeline, [4, 7]))[1]
    assert label == (
        "Load of the cores: core 4 100% busy, 95% with this run; "
        "core 7 75% busy, 50% with this run."
    )


def test_load_whose_owner_is_unknown_is_all_ours(timeline):
    unknown = tuple(LoadSample(load.until_s, load.busy) for load in timeline.core_load)
    svg = core_load(dataclasses.replace(timeline, core_load=unknown), [4, 7])
    assert not [box for box in boxes(svg, "w")[1:] if box[2]]
