"""Predict first: the guesses, and the panel that waits for them."""

from swimlanes.drawing import Guess
from swimlanes.measure import report
from swimlanes.panel.expectation import Predictions


def test_nothing_is_missing_unless_wanted():
    assert not Predictions(wanted=False).missing("threads")
    assert not Predictions(wanted=True).missing("serial")
    assert Predictions(wanted=True).missing("threads")


def test_a_guess_belongs_to_the_mode_and_the_workers_it_was_settled_for():
    predictions = Predictions(wanted=True)
    predictions.expect(1.8)
    assert not predictions.missing("threads")
    predictions.settle("threads", 2)
    assert predictions.guesses == (Guess("threads", 2, 1.8),)
    assert predictions.of("threads", 2) == Guess("threads", 2, 1.8)
    assert predictions.of("threads", 3) is None
    assert not predictions.missing("threads")
    assert predictions.missing("processes")


def test_a_guess_that_was_not_settled_is_not_kept_for_another_mode():
    predictions = Predictions(wanted=True)
    predictions.expect(3)
    predictions.forget_pending()
    assert predictions.missing("processes")
    predictions.settle("processes", 2)
    assert predictions.guesses == ()


def test_a_settled_guess_stays_until_another_is_made():
    predictions = Predictions(wanted=True)
    predictions.expect(3)
    predictions.settle("processes", 2)
    predictions.settle("processes", 2)
    assert predictions.of("processes", 2).speedup == 3
    predictions.clear()
    assert predictions.missing("processes")


def test_panel_waits_for_the_guess_and_says_why(make_panel):
    panel = make_panel(tasks=4, task_ms=5, workers=2, repeats=1, predict=True)
    controls, expectation = panel.controls, panel.controls.expectation
    assert controls.run.disabled
    assert controls.sweep.disabled
    assert "First say what you expect of processes" in controls.status.value
    controls.run.click()
    assert not panel.state.busy
    expectation.confirm.click()
    assert not controls.run.disabled
    assert "First say" not in controls.status.value
    controls.mode.value = "threads"
    assert controls.run.disabled
    controls.mode.value = "processes"
    assert controls.run.disabled, "a guess for another mode was taken over"


def test_guess_is_drawn_and_judged_after_the_sweep(make_panel, press, monkeypatch):
    monkeypatch.setattr(report, "others", lambda *_: (None, None))  # a busy machine judges nothing
    panel = make_panel(workload="query", tasks=4, task_ms=50, workers=2, repeats=1, predict=True)
    panel.controls.expectation.speedup.value = 1.7
    panel.controls.sweep.click()
    assert panel.wait(120)
    assert "your guess" in panel.session.view.pictures.speedup.value
    assert "You expected 1.70 with 2 processes." in panel.session.view.words.value
    panel.controls.workers.value = 1
    panel.controls.run.click()
    assert panel.wait(60)
    assert "You expected" not in panel.session.view.words.value
    press(panel, "Clear")
    assert panel.controls.run.disabled


def test_switch_turns_it_on_and_off(make_panel):
    controls = make_panel().controls
    assert not controls.run.disabled
    controls.expectation.switch.value = True
    assert controls.run.disabled
    assert controls.expectation.speedup.max == controls.usual_workers
    controls.mode.value = "serial"
    assert not controls.run.disabled
    controls.mode.value = "threads"
    controls.expectation.switch.value = False
    assert not controls.run.disabled
