"""Whatever says what is possible says the same number: pictures, tables, sentences, JSON."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from swimlanes import drawing, keep, metrics
from swimlanes.cli import words
from swimlanes.drawing.limits import stairs
from swimlanes.records import Comparison, ScalingStudy, possible_for_run


def with_threads_inside(study):
    busy = [replace(run, cpu_time_s=2 * run.wall_time_s) for run in study.serial_runs]
    return replace(study, serial_runs=tuple(busy))


def unequal(study):
    runs = [replace(run, lengths="1,8,1.5,2") for run in (*study.serial_runs, *study.runs)]
    return ScalingStudy(tuple(runs[:3]), tuple(runs[3:]))


def in_batches(study):
    """Return the study with two threads on each worker, and the chunks that these would get."""

    def with_threads(run):
        size = metrics.default_chunksize(run.tasks_count, 2 * run.workers)
        return replace(run, timeline=replace(run.timeline, threads=2, chunksize=size))

    return replace(study, runs=tuple(map(with_threads, study.runs)))


def one_by_one(study):
    """Return the study in chunks of one task, as a cluster takes them."""
    runs = (replace(run, timeline=replace(run.timeline, chunksize=1)) for run in study.runs)
    return replace(study, runs=tuple(runs))


STUDIES = {
    "workers": lambda make: make(cores=8, tasks=400),
    "cores": lambda make: make(cores=2),
    "mixed work": lambda make: make(cores=2, cpu_share=0.6),
    "work that waits": lambda make: make("threads", cores=2, cpu_share=0.0),
    "chunks": lambda make: make(cores=8),
    "longest task": lambda make: unequal(make(cores=8, tasks=4)),
    "batches": lambda make: in_batches(unequal(make("nested", cores=8, tasks=32))),
    "threads inside the tasks": lambda make: with_threads_inside(make(cores=4)),
    "placed as Dask likes": lambda make: one_by_one(make("cluster", cores=8, tasks=7)),
}


@pytest.fixture(params=STUDIES)
def study(request, make_study):
    return STUDIES[request.param](make_study)


@pytest.fixture
def limits(study):
    """Return what is possible, by the number of workers."""
    return {p.workers: possible_for_run(p.median_run, study.baseline) for p in study.points}


def agree(texts, limits):
    """Whether these texts are the limits, with as many digits as they are written with."""
    digits = [len(text.partition(".")[2]) for text in texts]
    return texts == [f"{limit:.{n}f}" for limit, n in zip(limits.values(), digits, strict=True)]


def test_all_that_can_be_asked_for_gives_the_same_number(study, limits, tmp_path):
    assert [point.ceiling for point in study.points] == list(limits.values())
    assert [point["ceiling"] for point in study.to_dict()["points"]] == list(limits.values())
    assert [study.possible(workers) for workers in limits] == list(limits.values())
    bounds = [point["ceiling_bound_by"] for point in study.to_dict()["points"]]
    assert bounds == [limit.bound_by for limit in limits.values()]
    keep.save(study, tmp_path / "study.json")
    opened = keep.load(tmp_path / "study.json")
    assert [point.ceiling for point in opened.points] == pytest.approx(list(limits.values()))


def test_a_number_of_workers_that_was_not_tried_has_the_same_limits(study, limits):
    few = replace(study, runs=tuple(run for run in study.runs if run.workers < 4))
    assert [few.possible(workers) for workers in limits] == list(limits.values())


def test_the_curves_stand_at_the_number(study, limits):
    assert list(stairs([study], study.points[-1].lanes).values()) == list(limits.values())
    tooltips = drawing.speedup([study], study.usable_cores)
    assert agree(re.findall(r"possible (\d+\.\d+)", tooltips), limits)
    assert re.findall(r"\(set by ([a-z ]+)\)", tooltips) == [v.bound_by for v in limits.values()]


@pytest.mark.parametrize("bound", ["cores", "longest task", "threads inside the tasks"])
def test_the_line_says_what_sets_it_at_its_end(bound, make_study):
    study = STUDIES[bound](make_study)
    said = drawing.speedup([study], study.usable_cores)
    assert f"At the end of the line: {bound}." in said


def test_the_tables_have_the_number(study, limits, monkeypatch):
    table = ElementTree.fromstring(drawing.study_table(study)).find("table")
    head, _serial, *lines = [[cell.text for cell in row] for row in table.iter("tr")]
    assert agree([line[head.index("possible")] for line in lines], limits)
    printed = []
    monkeypatch.setattr(words, "print_table", lambda *table: printed.append(table))
    words.print_study(study)
    ((head, rows),) = printed
    assert agree([row[head.index("possible")] for row in rows], limits)


def of_possible(text):
    return re.findall(r"(\d+\.\d+) (?:times )?(?:is )?possible", text)


def test_the_sentences_say_the_number(study, limits):
    for point in study.points:
        said = of_possible(drawing.describe_run(point.median_run, study.baseline))
        assert agree(said, {0: limits[point.workers]})
    told = of_possible(drawing.describe_study(study))
    best = max(study.points, key=lambda point: point.speedup)
    assert not told or agree(told, {0: limits[best.workers]})


def test_the_account_of_a_loss_starts_from_the_number(study, limits):
    for point in study.points:
        said = of_possible(drawing.describe_loss(study.baseline, point.median_run))
        assert agree(said, {0: limits[point.workers]})


def test_no_way_of_a_comparison_can_pass_the_line(make_study):
    """Dask takes tasks one by one, a pool in chunks: 10 tasks are 3 rounds of two, or 5 of one."""
    processes = make_study(cores=2, tasks=10, most=2)
    cluster = one_by_one(make_study("cluster", cores=2, tasks=10, most=2))
    assert [round(study.possible(2), 2) for study in (processes, cluster)] == [1.67, 2.0]
    record = Comparison(processes.serial_runs, (processes, cluster))
    assert stairs(record.studies, 2) == {1: 1.0, 2: 2.0}
