"""Results need not repeat: a study goes on, and says once how they differ and what to do."""

import os
import random
import time
from dataclasses import replace

import pytest

import swimlanes
from swimlanes import compare, study
from swimlanes.records import ScalingStudy

pytestmark = pytest.mark.usefixtures("nothing_left")

FEW = {"mode": "threads", "max_workers": 2, "repeats": 2}


def pi(_):
    return 4 * sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(999)) / 999


def moment(_):
    return time.time()


def process(_):
    return os.getpid()


def mixed(_):
    return {"nan": float("nan"), "zero": random.choice([0.0, -0.0]), "set": set("abc")}


@pytest.mark.parametrize("task", [moment, process])
@pytest.mark.parametrize("scaling", ["strong", "weak"])
def test_tasks_that_do_not_repeat(task, scaling, caplog):
    record = study(task, range(4), **FEW, scaling=scaling)
    assert len(record.points) == 2
    (remark,) = record.remarks
    assert remark.startswith("The results do not repeat: task 0 returned ")
    assert " in one serial run and " in remark
    assert " in another one. So the tasks themselves change from call to call" in remark
    assert "a seed of its own" in remark
    assert "check_results=False (--no-check-results)" in remark
    assert [entry.message for entry in caplog.records] == [remark]
    assert record.to_dict()["remarks"] == [remark]


def test_numbers_drawn_without_a_seed_differ_in_workers_that_begin_anew():
    # Serial runs begin where the notebook's generator stands, so they repeat among themselves.
    (remark,) = study(pi, range(4), mode="processes", start_method="spawn", max_workers=1).remarks
    assert remark.startswith("The results do not repeat: task ")
    assert "All 5 serial runs returned the same." in remark
    assert "a task that draws numbers needs a seed of its own" in remark


def test_nobody_asks(few_modes, caplog):
    assert study(pi, range(4), **FEW, check_results=False).remarks == ()
    assert compare(pi, [1], max_workers=1, repeats=1, check_results=False).remarks == ()
    assert caplog.records == []


def test_equal_results_are_not_blamed_however_they_are_pickled(caplog):
    for scaling in ("strong", "weak"):
        assert study(mixed, range(20), **FEW, scaling=scaling).remarks == ()
    assert caplog.records == []


def test_a_comparison_tells_it_once_for_all_ways(few_modes, caplog):
    record = compare(pi, range(4), max_workers=2, repeats=2)
    assert len(record.studies) > 1
    (remark,) = record.remarks
    assert remark.count("The results do not repeat") == 1
    assert [entry.message for entry in caplog.records] == [remark]


def test_remarks_are_saved(tmp_path):
    asked = study(pi, range(4), **FEW)
    not_asked = study(pi, range(4), **FEW, check_results=False)
    for record in (asked, not_asked):
        swimlanes.save(record, tmp_path / "study.json")
        assert swimlanes.load(tmp_path / "study.json").remarks == record.remarks


def test_what_depends_on_the_others(make_run):
    serial = [with_results(make_run("serial"), 1, 2, 3, 4) for _ in "12"]
    lost_update = with_results(make_run("threads"), 1, 2, 2, 4)
    (remark,) = ScalingStudy(tuple(serial), (lost_update,)).remarks
    assert "task 2 returned 3 in serial and 2 in threads with 2 workers" in remark
    assert "All 2 serial runs returned the same." in remark
    assert "no task may change what others use" in remark


def test_last_digits_have_words_of_their_own(make_run):
    serial = with_results(make_run("serial"), 1.0, 0.1 + 0.2)
    rounded = with_results(make_run("threads"), 1.0, 0.3)
    (remark,) = ScalingStudy((serial,), (rounded,)).remarks
    assert remark.startswith(
        "The results differ in their last digits only: task 1 returned 0.30000000000000004 in "
        "serial and 0.3 in threads with 2 workers."
    )
    other = with_results(make_run("threads"), 1.0, 0.4)
    (remark,) = ScalingStudy((serial,), (rounded, other)).remarks  # the greatest difference
    assert "task 1 returned 0.30000000000000004 in serial and 0.4 in threads" in remark


def test_weak_scaling_repeats_the_serial_results(make_run):
    serial = with_results(make_run("serial", tasks=2), 1, 2)
    twice = with_results(make_run("threads", workers=2, tasks=4), 1, 2, 1, 2)
    assert ScalingStudy((serial,), (twice,), "weak").remarks == ()
    other = with_results(make_run("threads", workers=2, tasks=4), 1, 2, 1, 3)
    (remark,) = ScalingStudy((serial,), (other,), "weak").remarks
    assert "task 3 returned 2 in serial and 3 in threads with 2 workers" in remark


def test_long_results_that_print_the_same_in_short(make_run):
    serial = with_results(make_run("serial"), [0] * 99)
    other = with_results(make_run("threads"), [0] * 98 + [1])
    (remark,) = ScalingStudy((serial,), (other,)).remarks
    assert "task 0 did not return the same in threads with 2 workers as in serial." in remark


def test_runs_from_files_hold_no_results(make_run):
    other = replace(make_run("threads"), results_digest="another")
    (remark,) = ScalingStudy((make_run("serial"),), (other,)).remarks
    assert "threads with 2 workers did not return the same as serial." in remark


def with_results(run, *results):
    return replace(run, results=results, results_digest=repr(results))
