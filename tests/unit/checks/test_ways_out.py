"""Hints come one after the other, and then a solution."""

import pytest

from swimlanes import checks
from swimlanes.checks import ways_out
from swimlanes.checks.exercises import exercise
from swimlanes.quizzes import arrange


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Forget who asked for hints before."""
    monkeypatch.setattr(ways_out, "_exercises", {})
    monkeypatch.setattr(ways_out, "_last", [])
    monkeypatch.delenv("SWIMLANES_SOLUTIONS", raising=False)


def test_first_there_must_be_an_exercise():
    assert "Run the cell of an exercise first" in repr(checks.hint())
    assert "Run the cell of an exercise first" in repr(checks.solution())


def test_hints_and_then_the_solution():
    verdict = checks.most_possible([1, 2, 3, 4, 5])
    assert verdict.more == "Stuck? Run `checks.hint()` in a new cell for a hint."
    assert repr(checks.solution()) == (
        "A solution is shown after 2 hints and one try, or after 3 tries. So far you have read 0 "
        "hints and tried 1 time. Stuck? Run `checks.hint()` in a new cell for a hint."
    )
    assert repr(checks.hint()).startswith("Hint 1 of 2. ")
    assert "another hint" in checks.most_possible([1, 2, 3, 4, 5]).more
    assert repr(checks.hint()).startswith("Hint 2 of 2. ")
    assert "There are no more hints here. Still stuck?" in repr(checks.hint())
    solution = checks.solution()
    assert exercise("most_possible").solution in repr(solution)
    assert "<pre" in solution._repr_html_()


def test_several_tries_or_a_right_answer_are_enough_for_the_solution():
    for _ in range(3):
        checks.most_possible([1, 2, 3, 4, 5])
    assert repr(checks.solution()).startswith("A solution.")
    assert checks.speedup(lambda serial_s, parallel_s: serial_s / parallel_s).ok
    assert repr(checks.solution()).startswith("A solution.")


def test_a_hint_says_whose_it_is():
    checks.journeys({})
    assert "with `checks.journeys`, which was checked last" in repr(checks.hint())


def test_who_has_not_tried_gets_hints_and_no_solution():
    checks.most_possible([1, ..., ..., ..., ...])
    checks.hint()
    assert "Try it, run the check" in repr(checks.hint())
    assert "12 / 3" not in repr(checks.solution())


def test_a_right_answer_offers_nothing():
    assert checks.most_possible([1, 2, 3, 4, 4]).more == ""


@pytest.mark.parametrize("setting", ["no", " NO "])
def test_the_instructor_can_keep_the_solutions_back(setting, monkeypatch):
    monkeypatch.setenv("SWIMLANES_SOLUTIONS", setting)
    checks.most_possible([])
    checks.hint()
    assert "Ask your instructor" in repr(checks.hint())
    assert "12 / 3" not in repr(checks.solution())


def test_each_exercise_has_hints_of_its_own():
    checks.most_possible([])
    checks.hint()
    checks.journeys({})
    assert repr(checks.hint()).startswith("Hint 1 of 2. Find out for each line")


def test_lines_in_the_wrong_order_have_hints_and_a_solution():
    lines = arrange("04/pool-lines")
    lines.move(0, +1)
    assert "checks.hint()" in checks.arranged(lines).more
    checks.hint()
    checks.hint()
    assert "lines.order = [" in repr(checks.solution())
