import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest

from swimlanes.drawing.account import (
    _GROUPS,
    LEFT,
    MAX_ROWS,
    NAMES,
    RIGHT,
    Row,
    account,
    account_rows,
)
from swimlanes.metrics import PARTS


def boxes(svg, kind):
    """Return x, width and height of the boxes of one kind."""
    paths = re.findall(rf'class="{kind}" d="M([\d.]+) [\d.]+h([\d.]+)v([\d.]+)', svg)
    return [tuple(map(float, path)) for path in paths]


def test_without_runs_there_is_a_word_about_what_to_do():
    assert "Run or sweep" in account([])


def test_the_parts_of_a_bar_fill_it(make_run):
    svg = account([Row("n = 2", make_run(cpu_share=0.5, waiting_share=0.3, tasks=3).account)])
    ET.fromstring(svg)
    widths = {kind: sum(width for _, width, _ in boxes(svg, kind)) for kind in "uwblie"}
    assert all(width > 0 for width in widths.values())
    assert sum(widths.values()) == pytest.approx(RIGHT - LEFT, abs=0.5)


def test_shares_are_told_in_words(make_run):
    svg = account([Row("n = 1", make_run("serial", tasks=100).account)])
    label = re.search('aria-label="([^"]+)"', svg)[1]
    assert label.startswith("Where the time went. n = 1: 100% useful")


def test_shut_down_is_told_from_start_up(make_run):
    run = make_run(tasks=2)  # start-up takes 10 ms, shut-down 20 ms, of 130 ms on each lane
    svg = account([Row("n = 2", run.account)])
    width = RIGHT - LEFT
    assert boxes(svg, "i")[0][1] == pytest.approx(width * 10 / 130, abs=0.1)
    assert boxes(svg, "e")[0][1] == pytest.approx(width * 20 / 130, abs=0.1)
    assert "start-up 20\xa0ms (8%) · shut-down 40\xa0ms (15%)" in svg


def test_of_many_rows_every_third_is_drawn(make_run):
    rows = [Row(f"n = {n}", make_run(workers=n, tasks=64).account) for n in range(1, 33)]
    svg = account(rows)
    shown = [int(n) for n in re.findall(r">n = (\d+)</text>", svg)]
    assert shown == list(range(1, 33, 3))
    assert len(shown) <= MAX_ROWS
    assert len(svg) < 15_000


def test_rows_are_the_points_of_a_study_and_a_run(make_run, make_study):
    run, study = make_run(workers=3), make_study(most=2)
    assert account_rows(None, None) == []
    assert [row.label for row in account_rows(run, None)] == ["3 workers"]
    assert [row.label for row in account_rows(run, study)] == ["1 worker", "2 workers", "the run"]
    assert account_rows(None, study)[1].account == study.points[1].median_run.account
    just_begun = dataclasses.replace(study, runs=())
    assert [row.label for row in account_rows(run, just_begun)] == ["3 workers"]


def test_every_part_of_an_account_is_in_one_group_and_has_a_name():
    assert sorted(part for *_, parts in _GROUPS for part in parts) == sorted(PARTS)
    assert sorted(NAMES) == sorted(PARTS)
    assert len(set(NAMES.values())) == len(PARTS)
