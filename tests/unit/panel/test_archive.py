"""Saving, opening and replaying."""

from dataclasses import replace

import pytest

from swimlanes import keep, run
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.panel.state import Phase
from swimlanes.records import LoadSample


@pytest.fixture
def measured(make_panel, here, press):
    """Return a panel with a run and then a study, its fold of files open."""
    panel = make_panel(workload="query", mode="threads", tasks=4, task_ms=5, repeats=1)
    panel.controls.run.click()
    assert panel.wait(60)
    panel.controls.sweep.click()
    assert panel.wait(120)
    press(panel, "Save and open")
    return panel


def test_nothing_to_save_at_first(make_panel, here):
    panel = make_panel()
    archive = panel.session.archive
    archive.fold.button.value = True
    assert archive.save.disabled
    assert archive.open.disabled
    assert archive.replay.disabled
    archive.save.click()
    assert list(here.iterdir()) == []
    with pytest.raises(RequestError, match="run or sweep first"):
        panel.save("run.json")


def test_everything_that_is_offered_can_be_saved_and_nothing_is_overwritten(measured, here):
    archive = measured.session.archive
    offered = [value for _, value in archive.kind.options]
    assert offered[0][0] == "study"
    for kind, suffix in offered:
        archive.kind.value = (kind, suffix)
        for number in (1, 2):
            archive.save.click()
            name = f"swimlanes-{kind}-{number}{suffix}"
            assert (here / name).stat().st_size > 100
            assert f"Saved as {name}" in archive.message.value
    assert len(list(here.iterdir())) == 2 * len(offered)
    assert set(archive.record.options) == {
        (name, name)
        for kind in ("run", "study")
        for name in (f"swimlanes-{kind}-1.json", f"swimlanes-{kind}-2.json")
    }


def test_what_came_last_is_offered_in_the_format_chosen_last(measured):
    archive = measured.session.archive
    assert archive.kind.value == ("study", ".json")
    archive.kind.value = ("study", ".csv")
    measured.controls.run.click()
    assert measured.wait(60)
    assert archive.kind.value == ("run", ".csv")


def test_saved_study_is_shown_in_another_panel_and_replayed(measured, make_panel):
    measured.save("study.json")
    panel = make_panel()
    archive, pictures = panel.session.archive, panel.session.view.pictures
    archive.fold.button.value = True
    assert archive.record.value == "study.json"
    archive.open.click()
    assert "Opened study.json" in archive.message.value
    assert panel.study == measured.study
    assert "possible here" in pictures.speedup.value
    assert "4 tasks on" in pictures.lanes.value
    curve, lanes = pictures.speedup.value, pictures.lanes.value
    archive.replay.click()
    assert panel.state.phase is Phase.REPLAYING
    assert panel.wait(60)
    assert panel.state.phase is Phase.IDLE
    assert (pictures.speedup.value, pictures.lanes.value) == (curve, lanes)
    assert panel.studies == (measured.study,)


def test_work_of_a_record_that_cannot_be_run_again_is_not_replaced_by_another(
    make_panel, here, press
):
    keep.save(run(abs, [-1, 2], mode="threads"), "own.json")
    keep.save(run("query", tasks=2, task_ms=1, mode="threads"), "named.json")
    panel = make_panel(tasks=2, task_ms=1).open("own.json")
    for button in (panel.controls.run, panel.controls.sweep, panel.controls.compare):
        assert button.disabled
        assert "The work of this record (abs) cannot be run again" in button.tooltip
        button.click()
    assert not panel.state.busy
    press(panel, "Clear")
    assert not panel.controls.run.disabled
    assert not make_panel(workload=abs, inputs=[3]).open("own.json").controls.run.disabled
    assert panel.open("named.json").controls.request().workload == "query"
    assert not panel.controls.sweep.disabled


def test_replay_shows_the_run_as_it_was_and_stop_ends_it(make_panel, here, eventually, press):
    panel = make_panel(workload="query", mode="serial", tasks=3, task_ms=300)
    panel.controls.run.click()
    assert panel.wait(60)
    lanes = panel.session.view.pictures.lanes
    whole = lanes.value
    press(panel, "Replay")
    assert panel.controls.run.barred
    assert not panel.controls.stop.barred
    eventually(lambda: "1 done" in lanes.value)
    panel.controls.run.click()
    panel.controls.stop.click()
    assert panel.wait(20)
    assert "Stopped" in panel.state.sentence
    assert len(panel.runs) == 1
    assert lanes.value == whole


@pytest.mark.parametrize(
    ("content", "words"), [("{", "cannot be read"), ("[1]", "record"), ('{"a": 1}', "record")]
)
def test_bad_file_is_one_sentence_in_the_panel(make_panel, here, content, words):
    (here / "bad.json").write_text(content)
    panel = make_panel()
    archive = panel.session.archive
    archive.fold.button.value = True
    archive.open.click()
    assert 'role="alert"' in archive.message.value
    assert "bad.json" in archive.message.value
    assert words in archive.message.value
    assert panel.last_run is None
    with pytest.raises(SwimlanesError, match=r"bad\.json"):
        panel.open("bad.json")


def test_file_that_is_gone_is_told(make_panel, here):
    (here / "gone.json").write_text("{}")
    archive = make_panel().session.archive
    archive.fold.button.value = True
    (here / "gone.json").unlink()
    archive.open.click()
    assert "gone.json" in archive.message.value


def test_nothing_is_opened_during_a_run(measured):
    measured.save("study.json")
    measured.controls.tasks.value = 60
    measured.controls.task_ms.value = 500
    measured.controls.run.click()
    assert measured.session.archive.open.disabled
    with pytest.raises(RequestError, match=r"study\.json"):
        measured.open("study.json")
    measured.controls.stop.click()
    assert measured.wait(20)


@pytest.mark.parametrize("count", [1, 64])
def test_record_from_a_machine_with_another_number_of_cores(
    make_panel, make_run, here, count, press
):
    run = make_run(workers=4, cores=count)
    load = (LoadSample(0.1, (0.5,) * count),)
    run = replace(run, timeline=replace(run.timeline, core_load=load))
    keep.save(run, "far.json")
    panel = make_panel().open("far.json")  # shown by a notebook where it is the last value
    assert panel.last_run == run
    assert f"core {min(count, 32) - 1}" in panel.session.view.pictures.load.value
    press(panel, "As a table")
    assert "4 tasks of count-down" in panel.session.tables.text.value


def test_trace_of_a_study_is_refused(measured):
    with pytest.raises(RequestError, match=r"study\.trace\.json"):
        measured.save("study.trace.json")
