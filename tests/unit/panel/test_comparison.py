"""All modes from one click."""

import pytest

from swimlanes.panel.state import Phase, State

QUICK = {"workload": "query", "tasks": 2, "task_ms": 2, "workers": 1, "repeats": 1}


@pytest.fixture
def compared(make_panel, here, few_modes):
    """Return a panel after a comparison without a Python without the GIL."""
    panel = make_panel(**QUICK)
    panel.controls.compare.click()
    assert panel.wait(120)
    return panel


def shown(widget):
    return widget.layout.display != "none"


def test_one_click_draws_all_modes_and_names_those_that_are_missing(compared):
    view = compared.session.view
    assert compared.state == State(Phase.IDLE)
    assert shown(view.pictures.comparison)
    assert not shown(view.arranged().children[4])  # the curve of one mode at a time
    for name in ("threads", "processes (fork)", "processes (spawn)"):
        assert f">{name} " in view.pictures.comparison.value
    assert "<b>free-threaded</b> is left out: " in view.left_out.value
    assert "/no/such/python" in view.left_out.value
    assert "<b>cluster</b> is left out: " in view.left_out.value
    assert "nonsense" in view.left_out.value
    assert view.words.value


def test_a_run_afterwards_shows_its_own_pictures_and_keeps_the_comparison(compared, press):
    compared.controls.run.click()
    assert compared.wait(60)
    lower = compared.session.view.arranged().children[4]
    assert shown(lower)
    assert shown(compared.session.view.pictures.comparison)
    press(compared, "Clear")
    assert not shown(compared.session.view.pictures.comparison)
    assert compared.session.view.left_out.value == ""
    assert compared.comparison is None


def test_it_is_saved_opened_and_listed(compared, make_panel, here, press):
    archive = compared.session.archive
    archive.fold.button.value = True
    assert [kind for _, (kind, _) in archive.kind.options] == ["comparison"] * 4
    for _, target in archive.kind.options:
        archive.kind.value = target
        archive.save.click()
        assert (here / f"swimlanes-comparison-1{target[1]}").stat().st_size > 100
    other = make_panel()
    other.open("swimlanes-comparison-1.json")
    assert other.comparison == compared.comparison
    assert ">threads " in other.session.view.pictures.comparison.value
    press(other, "As a table")
    assert "against serial on this Python" in other.session.tables.text.value
    assert other.session.archive.replay.disabled


def test_stop_ends_it_at_once_and_keeps_what_there_is(make_panel):
    panel = make_panel(mode="threads", tasks=40, task_ms=500, workers=2)
    panel.controls.compare.click()
    assert panel.state.phase in (Phase.CALIBRATING, Phase.COMPARING)
    assert panel.controls.compare.barred
    assert panel.controls.run.barred
    panel.controls.stop.click()
    assert panel.wait(20)
    assert panel.state == State(Phase.IDLE, "Stopped. The picture shows how far it came.")
    assert panel.comparison is None


def test_the_button_says_how_far_it_goes_and_waits_for_a_guess(make_panel):
    panel = make_panel(workers=1, predict=True)
    controls = panel.controls
    assert controls.compare.disabled
    assert "First say what you expect" in controls.compare.tooltip
    controls.expectation.confirm.click()
    assert not controls.compare.disabled
    assert "with up to 1 worker" in controls.compare.tooltip
    controls.workers.value = 2
    assert "with up to 2 workers" in controls.compare.tooltip
