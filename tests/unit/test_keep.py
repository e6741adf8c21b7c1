import csv
import dataclasses
import json
import os
import stat
import subprocess
import sys
import threading

import pytest

import swimlanes
from swimlanes import keep
from swimlanes.errors import MixedRunsError, RequestError, SwimlanesError
from swimlanes.records import Bare, Evidence, Waits

pytestmark = pytest.mark.usefixtures("nothing_left")

RECORDED = {"startup_s": 0.1, "map_s": 0.1, "wall_time_s": 1e-9}
QUICK = {"workload": "query", "tasks": 5, "task_ms": 2}
RUNS = {
    "serial": {"mode": "serial"},
    "processes": {"mode": "processes", "workers": 2, "lengths": "1,8,1.5,2"},
    "imap": {"mode": "processes", "workers": 2, "schedule": "imap"},
    "nested": {"mode": "nested", "workers": 2, "threads": 2, "schedule": "imap_unordered"},
    "payload": {"mode": "threads", "workers": 2, "workload": "payload", "task_bytes": 100},
    "long enough for the cores' load": {"mode": "threads", "workers": 2, "task_ms": 150},
}


@pytest.fixture
def run():
    return swimlanes.run(mode="threads", workers=2, **QUICK)


@pytest.fixture
def saved(run, tmp_path):
    """Return a function that writes the record of a run after `change` has edited its values."""
    path = tmp_path / "record.json"
    swimlanes.save(run, path)
    record = path.read_text()

    def save(change=lambda values: None):
        values = json.loads(record)
        change(values)
        path.write_text(json.dumps(values))
        return path

    return save


def small_study(**choices):
    return swimlanes.study("query", tasks=2, task_ms=2, repeats=2, max_workers=2, **choices)


@pytest.mark.parametrize("choices", RUNS.values(), ids=RUNS)
def test_a_run_is_the_same_after_saving_and_loading(choices, tmp_path):
    record = swimlanes.run(**QUICK | choices)
    swimlanes.save(record, tmp_path / "run.json")
    loaded = swimlanes.load(tmp_path / "run.json")
    assert loaded == record
    assert loaded.account == record.account
    assert loaded.arrival_order == record.arrival_order
    assert loaded.results == ()


@pytest.mark.parametrize(
    "choices", [{"mode": "threads"}, {"mode": "nested"}, {"mode": "threads", "scaling": "weak"}]
)
def test_a_study_is_the_same_after_saving_and_loading(choices, tmp_path):
    study = small_study(**choices)
    swimlanes.save(study, tmp_path / "study.json")
    loaded = swimlanes.load(tmp_path / "study.json")
    assert loaded == study
    assert loaded.to_dict() == study.to_dict()


@pytest.mark.usefixtures("few_modes")
def test_a_comparison_is_the_same_after_saving_and_loading(tmp_path):
    comparison = swimlanes.compare("query", tasks=2, task_ms=2, max_workers=1, repeats=2)
    path = tmp_path / "comparison.json"
    swimlanes.save(comparison, path)
    assert swimlanes.load(path) == comparison
    # The common serial runs are there once; only another interpreter has runs of its own.
    values = json.loads(path.read_text())
    own = [bool(study["serial_runs"]) for study in values["studies"]]
    assert own == [comparison.price(study) is not None for study in comparison.studies]
    swimlanes.save(comparison, tmp_path / "comparison.csv")
    with (tmp_path / "comparison.csv").open() as file:
        lines = list(csv.DictReader(file))
    runs = sum(len(study.runs) for study in comparison.studies)
    assert len(lines) == len(comparison.serial_runs) + runs
    assert {line["way"] for line in lines} >= {"serial", "threads", "processes (fork)"}


def test_a_way_without_runs_is_a_damaged_comparison(make_comparison, tmp_path):
    path = tmp_path / "comparison.json"
    swimlanes.save(make_comparison(), path)
    values = json.loads(path.read_text())
    values["studies"][0]["runs"] = []
    path.write_text(json.dumps(values))
    with pytest.raises(SwimlanesError, match="a way of the comparison has no runs"):
        swimlanes.load(path)


def test_what_tasks_printed_is_kept(tmp_path):
    record = swimlanes.run(print, ["Good", "morning"], mode="serial")
    swimlanes.save(record, tmp_path / "run.json")
    assert swimlanes.load(tmp_path / "run.json").printed == "Good\nmorning\n"


def test_remarks_are_kept_and_may_be_missing(saved, tmp_path):
    record = swimlanes.run(list.sort, [[2, 1]], mode="serial")
    swimlanes.save(record, tmp_path / "run.json")
    assert swimlanes.load(tmp_path / "run.json").remarks == record.remarks != ()
    early = saved(lambda values: values.update(schema=4) or values.pop("remarks"))
    assert swimlanes.load(early).remarks == ()  # schema 4 began without


def test_many_tasks_are_kept_in_few_bytes(tmp_path):
    record = swimlanes.run(abs, range(20_000), mode="threads", workers=2)
    swimlanes.save(record, tmp_path / "run.json")
    assert (tmp_path / "run.json").stat().st_size < 90 * 20_000
    assert swimlanes.load(tmp_path / "run.json") == record


def test_a_record_says_what_it_is(saved):
    values = json.loads(saved().read_text())
    assert (values["format"], values["schema"], values["kind"]) == ("swimlanes", 6, "run")


def test_a_record_of_the_first_schema_opens(repository):
    path = repository / "tests/data/run-schema-1.json"
    old, run = json.loads(path.read_text()), swimlanes.load(path)
    assert (run.threads, run.schedule, run.lengths, run.throttled_s) == (1, "map", "equal", None)
    assert [task.end_s for task in run.tasks] == [task["end_s"] for task in old["tasks"]]
    told = run.to_dict()
    for was, lane in zip(old["lanes"], told["lanes"], strict=True):
        cold = {"warmup_start_s": 0.0, "warmup_end_s": 0.0, "asked_s": 0.0, "gone_s": None}
        assert lane == was | {"name": "", "clock_error_s": 0.0} | cold
    same = old.keys() - {"tasks", "lanes"}
    assert {name: told[name] for name in same} == {name: old[name] for name in same}
    assert run.account.remainder_s == pytest.approx(0.0, abs=0.01 * run.account.area_s)


@pytest.mark.parametrize("kind", ["run", "study"])
def test_a_record_of_the_second_schema_opens(kind, repository, tmp_path):
    record = swimlanes.load(repository / f"tests/data/{kind}-schema-2.json")
    run = record if kind == "run" else record.runs[0]
    assert (run.timeline.lost, run.timeline.lanes[0].name) == ((), "")
    assert {task.transfer_s for task in run.tasks} == {0.0}
    swimlanes.save(record, tmp_path / "again.json")
    assert swimlanes.load(tmp_path / "again.json") == record


@pytest.mark.parametrize("kind", ["run", "study"])
def test_a_record_of_the_third_schema_opens(kind, repository, tmp_path):
    record = swimlanes.load(repository / f"tests/data/{kind}-schema-3.json")
    run = record if kind == "run" else record.runs[0]
    assert (run.evidence, run.bare) == (Evidence(), None)
    assert (run.warmup, run.warmup_s) == (0, 0.0)
    assert kind == "run" or record.remarks == ()
    assert {task.trip_s for task in run.tasks} == {()}
    swimlanes.save(record, tmp_path / "again.json")
    assert swimlanes.load(tmp_path / "again.json") == record


def test_a_record_of_the_fourth_schema_opens(repository, tmp_path):
    run = swimlanes.load(repository / "tests/data/run-schema-4.json")
    assert {(lane.asked_s, lane.gone_s) for lane in run.timeline.lanes} == {(0.0, None)}
    assert run.account.absent == 0.0
    swimlanes.save(run, tmp_path / "again.json")
    assert swimlanes.load(tmp_path / "again.json") == run


def test_a_record_of_the_fifth_schema_opens(saved):
    older = saved(
        lambda values: values.update(schema=5) or [values.pop(new) for new in ("failed", "cpus")]
    )
    assert (swimlanes.load(older).timeline.failed, swimlanes.load(older).timeline.cpus) == ((), ())


def test_a_run_with_all_that_was_seen_opens_as_it_was(run, tmp_path):
    evidence = Evidence(0.1, 0.2, 1e-6, 10, 20, Waits(1, 2, 3))
    whole = dataclasses.replace(run, evidence=evidence, bare=Bare(0.01, 0.02, 0.05, 0.03))
    swimlanes.save(whole, tmp_path / "run.json")
    again = swimlanes.load(tmp_path / "run.json")
    assert (again, again.wall_time_s) == (whole, 0.05)
    assert again.account == whole.account


def test_what_the_command_line_prints_opens(run, tmp_path):
    (tmp_path / "run.json").write_text(json.dumps(run.to_dict()))
    assert swimlanes.load(tmp_path / "run.json") == run


def test_an_older_record_with_broken_tasks_is_refused(run, tmp_path):
    values = run.to_dict() | {"tasks": [{"task": 0}, 1]}
    (tmp_path / "run.json").write_text(json.dumps(values))
    with pytest.raises(SwimlanesError, match="do not have the fields of tasks"):
        swimlanes.load(tmp_path / "run.json")


def test_a_newer_record_is_refused(saved):
    path = saved(lambda values: values.update(schema=7))
    with pytest.raises(SwimlanesError, match=r"has schema 7, .* reads up to 6. Install a newer"):
        swimlanes.load(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "no JSON, or not all of it"),
        ('{"format": "swimlanes", "schema": 2, "ki', "no JSON, or not all of it"),
        ("[" * 100_000, "no JSON, or not all of it"),
        ("NaN", "NaN is no number"),
        ("[1, 2]", "is no record of a run or a study"),
        ('{"traceEvents": []}', "is no record of a run or a study"),
        ('{"format": "swimlanes", "schema": "two"}', "is no record of a run or a study"),
        ('{"format": "swimlanes", "schema": 2}', "damaged: its kind should be one of run, study"),
        (b"\x89PNG\xff", "holds no text"),
    ],
)
def test_what_is_no_record_is_refused(content, sentence, tmp_path):
    path = tmp_path / "record.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SwimlanesError, match=sentence):
        swimlanes.load(path)


@pytest.mark.parametrize("schema", [3, 4, 5, 6])
def test_a_record_in_a_record_without_end_is_refused(schema, tmp_path):
    inner = {}
    for _ in range(400):
        inner = {"studies": [inner]}
    values = {"format": "swimlanes", "schema": schema, "kind": "comparison", "studies": [inner]}
    (tmp_path / "deep.json").write_text(json.dumps(values))
    with pytest.raises(SwimlanesError, match="is damaged"):
        swimlanes.load(tmp_path / "deep.json")


def test_a_study_on_parallel_runs_is_refused(make_study, tmp_path):
    path = tmp_path / "study.json"
    swimlanes.save(make_study(), path)
    values = json.loads(path.read_text())
    values["serial_runs"][0]["mode"] = "threads"
    path.write_text(json.dumps(values))
    with pytest.raises(SwimlanesError, match="one of its serial runs has the mode 'threads'"):
        swimlanes.load(path)


def test_columns_of_different_length_are_refused(saved):
    path = saved(lambda values: values["tasks"]["cpu_s"].pop())
    with pytest.raises(SwimlanesError, match=r"the columns of its tasks have \[5, 5, 5, 5, 4"):
        swimlanes.load(path)


def test_a_missing_record_is_told(tmp_path):
    with pytest.raises(SwimlanesError, match=r"missing.json' cannot be read \(No such file"):
        swimlanes.load(tmp_path / "missing.json")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"recorded": RECORDED | {"wall_time_s": "fast"}},
            r"recorded.wall_time_s is 'fast': expected `float`",
        ),
        ({"recorded": RECORDED}, "starts its map, ends it and ends itself in this order"),
        ({"evidence": {}}, "evidence lacks the field `others_error`"),
        ({"bare": {"startup_s": 1}}, "bare lacks the field `map_s`"),
        ({"workers": 10**12}, "workers is 1000000000000: expected `int` <= 256"),
        ({"mode": "magic"}, "mode is 'magic': expected one of serial, threads"),
        ({"lengths": "1,x"}, "lengths is '1,x', which names no lengths of tasks"),
        ({"mode": "threads\n"}, "expected one of serial, threads"),
        ({"core_load": [{"until_s": 0.1, "busy": [1.0], "own": [0.1, 0.1]}]}, "of every core"),
        ({"core_load": [{"until_s": 0.1, "busy": [], "own": []}]}, "does not tell of every core"),
        ({"tasks_count": 6}, "it should hold 6 tasks, but holds 5"),
        ({"tasks": [1]}, r"tasks is \[1\]: expected `object`, got `array`"),
        ({"lanes": [1]}, r"lanes\[0\] is 1: expected `object`, got `int`"),
    ],
)
def test_a_damaged_record_is_refused_with_the_value(saved, change, sentence):
    path = saved(lambda values: values.update(change))
    with pytest.raises(SwimlanesError, match=sentence):
        swimlanes.load(path)


def test_a_task_on_a_lane_that_is_not_there_is_refused(run, saved):
    lane = run.tasks[0].worker  # either thread may have been the first
    path = saved(lambda values: values.update(lanes=[]))
    with pytest.raises(SwimlanesError, match=f"task 0 ran on lane {lane} of 0"):
        swimlanes.load(path)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("task", 10**12, r"task\[4\] is 1000000000000: expected `int` <= 999999"),
        ("task", 5, "it has a task 5, and should have 5 tasks"),
        ("task", 1, "it should hold 5 tasks, but holds 4"),
        ("start_s", 1e300, r"start_s\[4\] is 1e\+300: expected `float` <= 1000000000"),
        ("end_s", 0.0, "ends before it starts"),
        ("end_s", None, r"end_s\[4\] is None: expected `float`, got `null`"),
        ("worker", True, r"worker\[4\] is True: expected `int`, got `bool`"),
        ("end_s", 5e8, "task 4 ends at 5e\\+08 s, after the run"),
        ("worker", [], r"worker\[4\] is \[\]: expected `int`, got `array`"),
        ("worker", 3, "task 4 ran on lane 3 of 2"),
        ("trip_s", [0.1], "the trip of task 4 should have 8 moments"),
    ],
)
def test_damaged_tasks_are_refused(saved, column, value, sentence):
    def change(values):
        values["tasks"][column][4] = value

    with pytest.raises(SwimlanesError, match=sentence):
        swimlanes.load(saved(change))


def test_whatever_a_field_holds_loading_never_crashes(saved, tmp_path):
    refused = 0
    names = json.loads(saved().read_text()).keys()
    for name in names:
        for value in (None, "text", -1, 0, 1.5, 10**400, True, [], [[]], {}, {"x": 1}):
            path = saved(lambda values, name=name, value=value: values.update({name: value}))
            try:
                swimlanes.save(swimlanes.load(path), tmp_path / "again.trace.json")
            except SwimlanesError:
                refused += 1
    assert refused > 5 * len(names)


def test_a_record_without_a_field_is_refused(saved):
    # What follows from other fields, and the times, which stand under "recorded" as well.
    derived = {"version", "disturbed", "account", "others_share"}
    derived |= {"startup_s", "map_s", "wall_time_s"}
    may_be_missing = {"remarks"}
    for name in json.loads(saved().read_text()).keys() - derived - may_be_missing:
        path = saved(lambda values, name=name: values.pop(name))
        with pytest.raises(SwimlanesError):
            swimlanes.load(path)


def test_a_study_of_runs_that_do_not_belong_together_is_refused(tmp_path):
    path = tmp_path / "study.json"
    swimlanes.save(small_study(mode="threads"), path)
    values = json.loads(path.read_text())
    values["runs"][0]["machine"] = "elsewhere"
    path.write_text(json.dumps(values))
    with pytest.raises(MixedRunsError, match=r"machine is .* in one and 'elsewhere' in another"):
        swimlanes.load(path)


def test_a_run_as_a_table(run, tmp_path):
    swimlanes.save(run, tmp_path / "run.csv")
    with open(tmp_path / "run.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["task"]) for row in rows] == [0, 1, 2, 3, 4]
    assert [float(row["end_s"]) for row in rows] == [task.end_s for task in run.tasks]


def test_a_study_as_a_table(tmp_path):
    study = small_study(mode="threads")
    swimlanes.save(study, tmp_path / "study.csv")
    with open(tmp_path / "study.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = [(row["mode"], int(row["workers"]), int(row["repetition"])) for row in rows]
    assert kinds == [
        ("serial", 1, 1), ("serial", 1, 2),
        ("threads", 1, 1), ("threads", 1, 2), ("threads", 2, 1), ("threads", 2, 2),
    ]  # fmt: skip
    assert float(rows[-1]["speedup"]) == study.points[-1].speedups[-1]


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.SVG", b"<?xml")])
def test_pictures(run, make_study, name, start, tmp_path):
    for record in (run, make_study()):
        swimlanes.save(record, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)


def test_a_name_that_says_nothing_is_refused_with_those_that_do(run, tmp_path):
    known = r"let it end in \.trace\.json, \.json, \.csv, \.svg or \.png\."
    with pytest.raises(RequestError, match=known):
        swimlanes.save(run, tmp_path / "run.pdf")
    assert not list(tmp_path.iterdir())


def test_a_study_is_no_trace(make_study, make_comparison, tmp_path):
    with pytest.raises(RequestError, match="shows one run, and a study has many"):
        swimlanes.save(make_study(), tmp_path / "study.trace.json")
    with pytest.raises(RequestError, match="shows one run, and a comparison has many"):
        swimlanes.save(make_comparison(), tmp_path / "comparison.trace.json")


def test_a_full_disk_leaves_the_file_that_was_there(saved, tmp_path):
    path = saved()
    before = path.read_bytes()
    program = (
        "import resource, sys, swimlanes\n"
        "record = swimlanes.load(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: swimlanes.save(record, sys.argv[1])\n"
        "except swimlanes.errors.SwimlanesError as error: print(error)\n"
    )
    said = subprocess.check_output([sys.executable, "-c", program, path], text=True)
    assert "cannot be saved (File too large). Choose another place" in said
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_saved_leaves_nothing(run, tmp_path):
    (tmp_path / "run.json").mkdir()
    with pytest.raises(SwimlanesError, match=r"cannot be saved \(Is a directory\)"):
        swimlanes.save(run, tmp_path / "run.json")
    with pytest.raises(SwimlanesError, match=r"cannot be saved \(No such file or directory\)"):
        swimlanes.save(run, tmp_path / "no" / "run.json")
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_link_stays_a_link_and_rights_are_the_usual_ones(run, tmp_path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "run.json"
    link.symlink_to(tmp_path / "there" / "record.json")
    swimlanes.save(run, link)
    assert link.is_symlink()
    assert swimlanes.load(link) == run
    (tmp_path / "plain").touch()
    assert stat.S_IMODE(link.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFREG], ids=str)
@pytest.mark.parametrize("linked", [False, True], ids=["itself", "linked"])
def test_only_a_file_is_replaced(run, kind, linked, tmp_path):
    target = tmp_path / "target.json"
    os.mknod(target, kind | 0o600)
    name = tmp_path / "link.json" if linked else target
    if linked:
        name.symlink_to(target)
    if kind == stat.S_IFREG:
        keep.save(run, name)
    else:
        for refuse in (keep.save, lambda _, path: keep.check_target(path, "run")):
            with pytest.raises(SwimlanesError, match=f"{name.name}.* cannot be saved .it is a"):
                refuse(run, name)
    assert stat.S_IFMT(target.stat().st_mode) == kind
    assert {path.name for path in tmp_path.iterdir()} == {name.name, target.name}


def test_a_reader_never_sees_half_a_file(run, tmp_path):
    path = tmp_path / "run.json"
    swimlanes.save(run, path)
    writer = threading.Thread(target=lambda: [swimlanes.save(run, path) for _ in range(50)])
    writer.start()
    while writer.is_alive():
        assert swimlanes.load(path) == run
    writer.join()
