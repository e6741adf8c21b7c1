from dataclasses import replace
from xml.etree import ElementTree

import pytest

from swimlanes import drawing


def plain(sentence):
    return sentence.replace("\xa0", " ")


def test_earlier_runs_are_listed_newest_first_with_their_speedup(make_run):
    serial, run = make_run("serial"), make_run()
    table = ElementTree.fromstring(drawing.earlier_runs([(serial, serial), (run, serial)]))
    rows = [[plain(cell.text) for cell in row] for row in table.iter("tr")]
    assert rows[1:] == [
        ["count-down", "2 processes", "4 × 100 ms", "0.23 s", "1.87"],
        ["count-down", "serial", "4 × 100 ms", "0.43 s", "1.00"],
    ]


def test_without_a_comparison_there_is_no_speedup_and_a_disturbed_time_is_marked(make_run):
    table = drawing.earlier_runs([(make_run(others_load=1.0), make_run("serial"))], compared=False)
    rows = [[cell.text for cell in row] for row in ElementTree.fromstring(table).iter("tr")]
    assert rows[0] == ["work", "workers", "tasks", "time"]
    assert rows[1][-1].endswith("s *")


@pytest.mark.parametrize("which", ["run", "serial"])
def test_a_disturbed_pair_is_marked_and_the_mark_explained(which, make_run):
    serial = make_run("serial", others_load=1.0 if which == "serial" else 0.0)
    run = make_run(others_load=1.0 if which == "run" else 0.0)
    table = ElementTree.fromstring(drawing.earlier_runs([(run, serial)]))
    rows = [[cell.text for cell in row] for row in table.iter("tr")]
    assert rows[1][-1] == ("1.87 *" if which == "run" else "– *")
    assert rows[2] == ["* no fair measurement: programs outside used the cores"]


def test_no_speedup_is_listed_that_is_not_possible(make_run):
    table = drawing.earlier_runs([(make_run(), make_run("serial", slower=3.0))])
    rows = [[cell.text for cell in row] for row in ElementTree.fromstring(table).iter("tr")]
    assert rows[1][-1] == "–"


def test_listed_run_says_how_large_its_tasks_were_and_what_was_chosen(make_run):
    run = replace(make_run(tasks=4), task_ms=None, task_bytes=20_000, lengths="ramp-up")
    table = plain(drawing.earlier_runs([(run, None)]))
    assert "4 × 20 kB" in table
    assert 'title="ramp-up lengths, map in chunks of 1, fork"' in table


def test_names_are_escaped(make_run):
    run = replace(make_run(), workload="<lambda>")
    assert "&lt;lambda&gt;" in drawing.earlier_runs([(run, None)])
