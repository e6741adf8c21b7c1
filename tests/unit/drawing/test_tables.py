import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from swimlanes import drawing
from swimlanes.drawing.tables import MOST_LINES
from swimlanes.records import Bare, Comparison, LoadSample, ScalingStudy


def lines(html):
    """Return the cells of each line of a table, the names of the columns first."""
    table = ElementTree.fromstring(html).find("table")
    return [[(cell.text or "").replace("\xa0", " ") for cell in row] for row in table.iter("tr")]


def caption(html):
    return ElementTree.fromstring(html).find("table/caption").text.replace("\xa0", " ")


def test_every_task_has_a_line(make_run):
    html = drawing.run_table(make_run(tasks=3, cpu_share=0.5, waiting_share=0.25))
    assert caption(html) == "3 tasks of count-down, 2 processes: 0.23 s"
    assert lines(html) == [
        ["task", "worker", "start", "length", "useful", "waiting for a core", "blocked"],
        ["0", "1", "10 ms", "100 ms", "50 ms", "25 ms", "25 ms"],
        ["1", "2", "10 ms", "100 ms", "50 ms", "25 ms", "25 ms"],
        ["2", "1", "110 ms", "100 ms", "50 ms", "25 ms", "25 ms"],
    ]


def test_results_that_came_one_by_one_have_a_column(make_run):
    run = make_run(tasks=2)
    first, second = run.timeline.tasks
    tasks = (replace(first, arrived_s=0.12), second)
    html = drawing.run_table(replace(run, timeline=replace(run.timeline, tasks=tasks)))
    assert [line[-1] for line in lines(html)] == ["result in hand", "120 ms", "–"]


def test_lines_and_columns_are_named_for_those_who_hear_them(make_run):
    table = ElementTree.fromstring(drawing.run_table(make_run())).find("table")
    head, first, *_ = table.iter("tr")
    assert {cell.get("scope") for cell in head} == {"col"}
    assert first[0].get("scope") == "row"


def test_many_tasks_are_cut_and_said_to_be(make_run):
    html = drawing.run_table(make_run(tasks=184))
    shown = lines(html)
    assert len(shown) == 1 + MOST_LINES + 1
    assert shown[-1] == ["… 84 more"]
    assert "more" not in drawing.run_table(make_run(tasks=MOST_LINES))
    assert len(html.encode()) < 30_000


def test_study_is_told_point_by_point(make_study):
    html = drawing.study_table(make_study(most=2, disturbed=(2,)))
    _, serial, one, two = lines(html)
    assert serial[:3] == ["serial", "1.63 s", "1.00"]
    assert one[0] == "1 process"
    assert two == [
        "2 processes", "0.87 s", "1.87", "1.79 to 1.96", "2.00", "94%", "6.7%",
        "no fair measurement: disturbed",
    ]  # fmt: skip


@pytest.mark.parametrize("task_s", [0.001, 0.02, 0.1, 3.0])
def test_the_times_of_a_column_have_one_unit(task_s, make_run):
    run, short = make_run(task_s=task_s, cpu_share=0.001), make_run(task_s=0.01)
    runs = [make_run(workers=n, tasks=9, task_s=task_s) for n in (1, 2, 3, 9)]
    study = ScalingStudy((make_run("serial", tasks=9, task_s=task_s),), tuple(runs))
    samples = tuple(LoadSample(0.01 * 4**n, (1.0,), (1.0,)) for n in range(7))
    loaded = replace(run.timeline, core_load=samples, elapsed_s=50.0)
    tables = (
        drawing.run_table(run),
        drawing.study_table(study),
        drawing.comparison_table(Comparison(study.serial_runs, (study,))),
        drawing.load_table(loaded, [0]),
        drawing.earlier_runs([(run, None), (short, None), (runs[0], None)]),
    )
    for columns in ([*zip(*lines(table), strict=False)] for table in tables):
        assert any(set(map(unit, column)) & {"ms", "s"} for column in columns)
        assert all(len(set(map(unit, column)) - {""}) < 2 for column in columns)


def unit(cell):
    """Return the unit of a time, nothing for another text."""
    found = re.fullmatch(r"[\d.]+ (ms|s)", cell)
    return found[1] if found else ""


def test_weak_scaling_is_told(weak_study):
    assert "n workers have n times the work" in caption(drawing.study_table(weak_study))


def test_load_is_told_span_by_span(make_run):
    samples = (LoadSample(0.1, (1.0, 0.5), (0.9, 0.5)), LoadSample(0.2, (0.5, 0.0)))
    timeline = replace(make_run().timeline, core_load=samples)
    assert lines(drawing.load_table(timeline, [4, 7])) == [
        ["until", "core 4", "core 7"],
        ["0.1 s", "90% + 10%", "50% + 0%"],
        ["0.2 s", "50% + 0%", "0% + 0%"],
    ]


def test_of_many_cores_the_first_are_told(make_run):
    samples = tuple(LoadSample(0.1 * n, (1.0,) * 300, (0.5,) * 300) for n in range(1, 4))
    table = drawing.load_table(replace(make_run().timeline, core_load=samples), range(212, 512))
    assert caption(table).startswith("Load of the cores, the first 32")
    head, *rows = lines(table)
    assert [len(row) for row in rows] == [len(head)] * 3
    assert head[-1] == "core 243"


@pytest.mark.parametrize(
    "table", [drawing.run_table, lambda run: drawing.earlier_runs([(run, None)])]
)
def test_names_are_escaped(make_run, table):
    assert "&lt;lambda&gt;" in table(replace(make_run(), workload="<lambda>"))


def test_tables_of_what_was_disturbed_say_so(make_run, make_study):
    busy = make_run(others_load=1.0)
    assert "no fair measurement: programs outside" in drawing.run_table(busy)
    assert "no fair measurement" not in drawing.run_table(make_run())
    study = make_study()
    serial = tuple(replace(run, others_load=1.0) for run in study.serial_runs)
    unfair = drawing.study_table(replace(study, serial_runs=serial))
    assert "No speedup can be told" in unfair


def test_a_table_and_the_lanes_call_a_length_by_one_number(make_run):
    """The tasks of a run that was timed bare are those of the recorded one."""
    run = replace(make_run(), bare=Bare(0.01, 0.1, 0.12, 0.1))
    heading = "0.23\N{NO-BREAK SPACE}s with records"
    assert heading in drawing.run_table(run)
    assert heading in drawing.compared_lanes([run], "lanes", 1.0)
    watched = replace(run, bare=None, timeline=replace(run.timeline, mode="watched"))
    for told in (drawing.run_table(watched), drawing.describe_run(watched)):
        assert "watched for 0.23" in told
