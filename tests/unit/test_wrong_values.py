"""Whatever is asked for, what makes no sense is refused in one short sentence, and at once."""

import contextlib
import itertools
import json
import math
import os
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swimlanes import ControlPanel, compare, load, run, save, study
from swimlanes.errors import RequestError, RunError, SwimlanesError
from swimlanes.measure import MAX_TASKS, launch
from swimlanes.records import Run, ScalingStudy

pytestmark = pytest.mark.usefixtures("nothing_left")

HUGE = 10**5000  # Python refuses to print it
ENTRIES = (run, launch, study, compare, ControlPanel)


class Unshowable:
    """Something whose ``repr`` has a bug."""

    def __repr__(self):
        raise RuntimeError("no")


class OddError(Exception):
    """An error whose text has a bug."""

    def __str__(self):
        return 5


def refused(call, *arguments, error=RequestError, **choices):
    """Return the sentence with which a call is refused."""
    with pytest.raises(error) as caught:
        call(*arguments, **choices)
    sentence = str(caught.value)
    assert len(sentence) < 600
    assert "\n" not in sentence
    assert sentence.endswith((".", "]).", "2)."))
    return sentence


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("workload", (5, HUGE, ["query"], None, Unshowable()), "orkload"),
        ("tasks", (HUGE, True, math.nan, "2", Unshowable()), "number of tasks must be"),
        ("task_ms", (HUGE, True, math.nan, -1, Fraction(0), "5", None), "task length must be"),
        ("lengths", ("1,1e300", "nan", "1,inf", "", "1e308,1e308", b"equal", ["1"], 5, HUGE,
                     "x" * 100_000, np.array([1, 2])), "no task lengths"),
        ("schedule", (["map"], 5, HUGE, "", Unshowable()), "no schedule"),
        ("chunksize", (HUGE, True, 0.5, -1, "2"), "tasks in a chunk must be"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.__name__)
def test_a_wrong_value_is_refused_wherever_it_is_given(entry, name, values, sentence):
    for value in values:
        assert sentence in refused(entry, **{name: value})


@pytest.mark.parametrize(
    ("entries", "name", "values", "sentence"),
    [
        (ENTRIES, "cluster", (5, 0, b"tcp://x", ["tcp://x"], HUGE), "address of a cluster is text"),
        ((run, launch, ControlPanel), "workers", (HUGE, True, 0, 1.5, "2"), "number of workers"),
        ((run, launch, study, ControlPanel), "mode", (["threads"], 5, np.array(["a", "b"])),
         "no mode"),
        ((run, launch, study, ControlPanel), "start_method", (5, ["fork"], "magic"),
         "no start method"),
        ((run, launch, study), "threads", (2, True, HUGE, "2", np.array([1, 2])), "nested' only"),
        ((run, launch, study, compare), "limit_s",
         (True, math.nan, math.inf, HUGE, "1", 0, -1, 0.0005, Fraction(1, 2000)),
         "seconds above 0, at least 0.001 and at most 86400"),
        ((study, compare), "max_workers", (0, HUGE, True, "2", 257), "number of workers must be"),
        ((study, compare, ControlPanel), "repeats", (0, HUGE, True, "2"), "number of repeats"),
        ((study,), "spread", (True, HUGE, 0, 1, math.nan, "0.1"), "share between 0 and 1"),
        ((study,), "scaling", (["weak"], "odd", None, np.array(["a", "b"])), "no scaling"),
        (ENTRIES, "inputs", (5, Unshowable(), None, math.nan), "nputs"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_one_sentence(entries, name, values, sentence):
    for entry, value in itertools.product(entries, values):
        first = (abs,) if name == "inputs" else ()
        assert sentence in refused(entry, *first, **{name: value})


@pytest.mark.parametrize("endless", [itertools.count, lambda: itertools.cycle([1])])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.__name__)
def test_inputs_without_end_are_refused(entry, endless):
    assert f"more than {MAX_TASKS} inputs, or they never end" in refused(entry, abs, endless())
    assert "never end" in refused(entry, abs, range(10**30))


def test_no_more_inputs_are_taken_than_are_needed_to_refuse_them():
    numbers = itertools.count()
    refused(run, abs, numbers)
    assert next(numbers) == MAX_TASKS + 1


def test_inputs_that_fail_midway_are_told_with_their_error():
    def failing():
        yield 1
        yield 2
        raise OddError

    told = refused(run, abs, failing())
    assert told.startswith("The input of task 2 could not be made: ")
    assert "OddError" in told
    assert "input of task 0 could not be made: ZeroDivisionError" in refused(
        run, abs, (1 / x for x in [0])
    )


@pytest.mark.parametrize("inputs", ["abc", b"abc", {"a": 1, "b": 2}, {1, 2}, np.arange(3)])
def test_inputs_are_what_map_takes(inputs):
    assert run(str, inputs, mode="serial").results == tuple(map(str, inputs))


def test_numbers_of_numpy_are_numbers(tmp_path):
    record = run(
        "query", tasks=np.int64(2), task_ms=np.float32(1), mode="nested", workers=np.int64(2),
        threads=np.uint8(1), chunksize=np.int64(1), limit_s=Fraction(5),
    )  # fmt: skip
    save(record, tmp_path / "run.json")
    assert load(tmp_path / "run.json") == record


# What tasks do


def shout(size):
    raise ValueError("x" * size)


def be_odd(_):
    raise OddError


def show(value):
    raise ValueError(value)


@pytest.mark.parametrize("mode", ["serial", "threads", "processes", "nested"])
def test_an_error_of_a_task_is_told_shortly(mode):
    told = refused(run, shout, [50_000_000], mode=mode, error=RunError)
    assert "Task 0, with the input 50000000, raised ValueError: xxx" in told
    assert "OddError: <exception str() failed>" in refused(
        run, be_odd, [1], mode=mode, error=RunError
    )
    assert "the input <int that cannot be shown>, raised ValueError" in refused(
        run, show, [HUGE], mode=mode, error=RunError
    )
    assert "the input <Unshowable instance at" in refused(
        run, abs, [Unshowable()], mode=mode, error=RunError
    )


# Files


@pytest.fixture
def odd_files(tmp_path):
    """Give a folder with files that are none."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "deep").write_text('{"a":' * 100_000)
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "huge-number").write_text('{"format": "swimlanes", "schema": ' + "1" * 5000 + "}")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(10**9)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pipe", r"cannot be read (it is a pipe)"),
        ("/dev/zero", "cannot be read (it is a device)"),
        ("/dev/null", "cannot be read (it is a device)"),
        ("folder", "cannot be read (Is a directory)"),
        ("missing", "cannot be read (No such file or directory)"),
        ("circle", "cannot be read (Too many levels of symbolic links)"),
        ("empty", "no JSON, or not all of it"),
        ("deep", "no JSON, or not all of it"),
        ("huge-number", "no JSON, or not all of it"),
        ("large", "it has 1000 MB, and at most 100 MB are read"),
        ("x" * 5000, "cannot be read (File name too long)"),
    ],
)
def test_what_is_no_record_is_not_read(name, sentence, odd_files):
    assert sentence in refused(load, odd_files / name, error=SwimlanesError)


@pytest.mark.parametrize("path", [None, 5, 0, b"a.json", "a\0.json", "\ud800.json", ["a.json"]])
def test_what_is_no_path_is_refused(path, make_run):
    for call in (lambda: load(path), lambda: save(make_run(), path)):
        assert refused(call).startswith("The name of a file is text without a NUL, not ")


@pytest.mark.parametrize("what", [None, 5, "run", Unshowable(), [HUGE]], ids=type)
def test_what_is_no_record_is_not_saved(what, tmp_path):
    assert "Only a figure, or a run, a study or a comparison" in refused(
        save, what, tmp_path / "a.csv"
    )
    assert not list(tmp_path.iterdir())


def test_a_circle_of_links_is_no_place(make_run, tmp_path):
    (tmp_path / "a.json").symlink_to("a.json")
    assert "cannot be saved" in refused(save, make_run(), tmp_path / "a.json", error=SwimlanesError)


ENDINGS = {Run: (".json", ".csv", ".trace.json"), ScalingStudy: (".json", ".csv")}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=9), values, max_size=3)
    ),
    max_leaves=5,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_a_record_holds_it_opens_or_is_refused(data, repository, tmp_path):
    name = data.draw(st.sampled_from(["run-schema-1", "run-schema-2", "study-schema-2"]))
    values = json.loads((repository / f"tests/data/{name}.json").read_text())
    place = values
    while isinstance(place, dict | list) and place:
        inside = place
        key = data.draw(
            st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
        )
        place = place[key]
        if data.draw(st.booleans()):
            break
    inside[key] = data.draw(json_values)
    (tmp_path / "record.json").write_text(json.dumps(values))
    with contextlib.suppress(SwimlanesError):
        record = load(tmp_path / "record.json")
        for ending in ENDINGS[type(record)]:
            save(record, tmp_path / f"again{ending}")
        assert load(tmp_path / "again.json") == record


# The command line


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "--workers", "1" * 5000), "is not a valid integer"),
        (("run", "--tasks", "10000000000"), "number of tasks must be"),
        (("run", "--lengths", "1,1e300"), "no task lengths '1,1e300'"),
        (("run", "--lengths", "1e999"), "no task lengths '1e999'"),
        (("run", "--limit", "nan"), "time limit of a task must be"),
        (("run", "--limit", "0.0005"), "time limit of a task must be"),
        (("run", "--task-ms", "inf"), "task length must be"),
        (("run", "--cluster", "tcp://x:1"), "in the mode 'cluster' only"),
        (("run", "--workload", "x" * 5000), "no workload 'xxx"),
        (("run", "--workload", ":f", "--inputs", "[1]"), "cannot be imported"),
        (("run", "--workload", "mine:f", "--inputs", "pipe"), "(it is a pipe)"),
        (("run", "--workload", "mine:f", "--inputs", "/dev/zero"), "(it is a device)"),
        (("run", "--workload", "mine:f", "--inputs", "folder"), "(Is a directory)"),
        (("run", "--workload", "mine:f", "--inputs", "large"), "(it has 1000 MB"),
        (("run", "--workload", "mine:f", "--inputs", "deep"), "neither a JSON list"),
        (("run", "--workload", "mine:f", "--inputs", "[" * 100_000), "neither a JSON list"),
        (("run", "--workload", "mine:f", "--inputs", "[" + "1" * 5000 + "]"), "neither a JSON"),
        (("study", "--spread", "nan"), "share between 0 and 1"),
        (("study", "--max-workers", "257"), "number of workers must be"),
        (("compare", "--repeats", "-1"), "number of repeats must be"),
        (("show", "pipe"), "(it is a pipe)"),
        (("show", "/dev/zero"), "(it is a device)"),
        (("show", "folder"), "(Is a directory)"),
        (("show", "large"), "(it has 1000 MB"),
        (("show", "deep"), "no JSON, or not all of it"),
        (("show", "empty"), "no JSON, or not all of it"),
        (("show", ""), "Is a directory"),
        (("run", "--save", "folder"), "must say how to save"),
        (("run", "--save", "missing/a.json"), "make the folder first"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_command_line_refuses_it_in_one_sentence(
    arguments, sentence, odd_files, monkeypatch, swimlanes
):
    monkeypatch.chdir(odd_files)
    answer = swimlanes(*arguments)
    assert answer.returncode in (1, 2)
    assert sentence in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert len(answer.stderr) < 600
    assert answer.stdout == ""
