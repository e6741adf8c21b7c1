"""Every worker calls the function before the clock, and no time of the run tells of it."""

import json
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

import swimlanes
from swimlanes import compare, drawing, run, study
from swimlanes.cli.words import print_run
from swimlanes.errors import MixedRunsError, TaskError, TaskTimeout
from swimlanes.records import ScalingStudy, seen_at

pytestmark = pytest.mark.usefixtures("nothing_left")

CLOCK_S = 1e-6


@pytest.fixture
def beginning(monkeypatch):
    """Give the participant's module, which every Python can import, as new."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "participant"))
    yield import_module("beginning")
    del sys.modules["beginning"]


def test_each_worker_makes_the_calls_before_its_first_task(way, beginning):
    record = run(beginning.count_calls, range(8), **way, warmup=3)
    shared = way["mode"] in ("threads", "nested", "free-threaded")  # threads may share the list
    assert min(record.results) >= 4
    assert shared or min(record.results) == 4
    assert (record.warmup, len(record.timeline.lanes)) == (3, record.timeline.lanes_count)
    check_times(record)


def check_times(record):
    timeline = record.timeline
    assert timeline.warmup_s >= 3 * 0.005
    assert record.wall_time_s == pytest.approx(timeline.elapsed_s - timeline.warmup_s)
    assert record.startup_s + record.map_s <= record.wall_time_s + CLOCK_S
    for lane in timeline.lanes:
        assert lane.ready_s <= lane.warmup_start_s + CLOCK_S
        assert record.startup_s <= lane.warmup_start_s + CLOCK_S
        assert lane.warmup_end_s - lane.warmup_start_s >= 3 * 0.005
        assert lane.warmup_end_s <= timeline.map_start_s + CLOCK_S
    for task in record.tasks:
        assert timeline.map_start_s <= task.start_s
        assert task.end_s <= timeline.map_end_s <= timeline.elapsed_s
    account = record.account
    assert account.area_s == pytest.approx(len(account.lanes) * record.wall_time_s)
    assert abs(account.remainder_s) <= 0.01 * account.area_s


def test_more_workers_than_tasks(beginning):
    record = run(beginning.count_calls, [1], mode="processes", workers=3, warmup=2)
    assert record.results == (3,)
    assert all(lane.warmup_end_s for lane in record.timeline.lanes)


def test_no_warm_up(beginning):
    record = run(beginning.count_calls, [1], mode="threads", workers=1)
    assert (record.results, record.warmup, record.warmup_s) == ((1,), 0, 0.0)
    assert record.timeline.elapsed_s == record.wall_time_s
    assert "warm-up" not in drawing.lanes(record.timeline)


def test_a_call_that_raises(way, beginning):
    wanted = r"^A call of the warm-up, with the input 0, raised ZeroDivisionError: division by zero"
    with pytest.raises(TaskError, match=wanted) as caught:
        run(beginning.invert, [0, 1], **way, warmup=1)
    assert "return 1 / x" in caught.value.detail
    assert "warmup.py" not in caught.value.detail


def test_a_call_that_never_ends(way, beginning):
    with pytest.raises(TaskTimeout, match=r"A call of the warm-up took longer than the limit of 1"):
        run(beginning.never_end_at_first, [0, 1], **way, warmup=1, limit_s=1)


@pytest.fixture(scope="module")
def warm():
    """Give a run with a warm-up."""
    return run("query", tasks=4, task_ms=5, mode="threads", workers=2, warmup=1)


def test_it_is_saved(warm, tmp_path):
    swimlanes.save(warm, tmp_path / "run.json")
    assert swimlanes.load(tmp_path / "run.json") == warm
    assert warm.to_dict()["warmup_s"] == warm.warmup_s


def test_it_is_in_the_trace(warm, tmp_path):
    swimlanes.save(warm, tmp_path / "run.trace.json")
    events = json.loads((tmp_path / "run.trace.json").read_text())["traceEvents"]
    spans = [event for event in events if event["name"] == "warm-up, not counted"]
    assert len(spans) == 1 + 2
    whole = next(event for event in spans if event["cat"] == "run")
    (map_,) = (event for event in events if event["name"] == "map")
    assert map_["ts"] == pytest.approx(whole["ts"] + whole["dur"], abs=0.01)


def test_it_is_drawn_and_told(warm, capsys, tmp_path):
    picture = drawing.lanes(warm.timeline)
    assert picture.count('class="z"') == 2 + 1  # its lanes and the legend
    assert "warm-up, not counted" in picture
    assert ">warm-up</text>" in picture
    print_run(warm)
    assert "after a warm-up of" in capsys.readouterr().out
    assert "after a warm-up of" in drawing.describe_run(warm)
    assert "after a warm-up of" in drawing.run_table(warm)
    swimlanes.save(warm, tmp_path / "run.svg")
    assert "warm-up, not counted" in (tmp_path / "run.svg").read_text()


def test_it_is_replayed(warm):
    timeline = warm.timeline
    before = seen_at(timeline, timeline.startup_s / 2)
    assert (before.warmup_s, before.startup_s) == (0.0, None)
    within = seen_at(timeline, timeline.startup_s + timeline.warmup_s / 2)
    assert within.warmup_s == pytest.approx(timeline.warmup_s / 2)
    assert max(lane.warmup_end_s for lane in within.lanes) <= within.elapsed_s
    assert len(within.tasks) == 0
    assert seen_at(timeline, timeline.elapsed_s) == timeline
    assert seen_at(timeline, timeline.wall_time_s).wall_time_s is None


def test_all_runs_of_a_study_warm_up(beginning, tmp_path):
    record = study(
        beginning.count_calls, range(2), mode="processes", max_workers=1, repeats=1, warmup=2
    )
    assert {each.warmup for each in (*record.serial_runs, *record.runs)} == {2}
    assert "warm-up of 2 calls per worker, not counted" in drawing.study_table(record)
    with pytest.raises(MixedRunsError, match="warmup is 2 in one and 0 in another"):
        ScalingStudy(record.serial_runs, (replace(record.runs[0], warmup=0),))


def test_all_runs_of_a_comparison_warm_up(few_modes):
    record = compare("query", tasks=2, task_ms=2, max_workers=1, repeats=1, warmup=1)
    runs = [run for study in record.studies for run in (*study.serial_runs, *study.runs)]
    assert {each.warmup for each in runs} == {1}
