"""Which results are shown together."""

import pytest

from swimlanes.panel.expectation import Predictions
from swimlanes.panel.level import Level
from swimlanes.panel.results import Results, meaning_of
from swimlanes.records import ScalingStudy


@pytest.fixture
def results(make_study):
    made = Results()
    made.keep(make_study("processes"))
    return made


def test_a_study_that_came_last_is_shown_alone(results):
    assert (results.latest_run, results.study_of_latest) == (None, results.study)


def test_a_run_of_the_same_work_and_mode_is_shown_with_its_study(results, make_run):
    results.keep(make_run("processes", 2, tasks=16))
    assert (results.latest_run, results.study_of_latest) == (results.last_run, results.study)


@pytest.mark.parametrize(("mode", "tasks"), [("threads", 16), ("processes", 8)])
def test_a_run_in_another_mode_or_of_other_work_is_shown_alone(mode, tasks, results, make_run):
    results.keep(make_run(mode, 2, tasks=tasks))
    assert (results.latest_run, results.study_of_latest) == (results.last_run, None)


def test_nothing_yet():
    assert (Results().latest_run, Results().study_of_latest) == (None, None)


def test_a_run_is_compared_with_the_serial_run_that_its_study_stands_on(results, make_run):
    assert results.partner_of(make_run("processes", 2, tasks=16)) is results.study.baseline


BUSY = {"others_load": 1.5}
SLOW = {"slower": 3.0}
"""A serial run that is so slow that more than two cores allow seems to be reached."""


@pytest.mark.parametrize(
    ("serial", "run", "judged"),
    [({}, {}, True), ({}, BUSY, False), (BUSY, {}, False), (SLOW, {}, False)],
)
def test_a_guess_is_judged_by_fair_measurements_alone(serial, run, judged, make_run):
    guesses = Predictions(wanted=True)
    guesses.expect(2.0)
    guesses.settle("processes", 2)
    single, swept = Results(), Results()
    single.keep(make_run("serial", **serial))
    single.keep(make_run("processes", 2, **run))
    swept.keep(ScalingStudy((make_run("serial", **serial),), (make_run("processes", 2, **run),)))
    for results in (single, swept):
        said = " ".join(meaning_of(results, guesses, 2, Level.SPEEDUP))
        assert ("You expected" in said) is judged, said
