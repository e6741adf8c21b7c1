"""The panel grows with the course: what is hidden is not made, and no word comes too early."""

import re

import pytest

from swimlanes import ControlPanel, run, study, usable_cores
from swimlanes.errors import RequestError
from swimlanes.keep import save

USUAL = usable_cores() + 3
WORDS = {
    "lanes": ("serial", "processes", "Run", "Runs so far"),
    "cores": ("threads", "chunk", "Load of the cores", "More", "Chunk size"),
    "speedup": (
        "Sweep",
        "speedup",
        "Where did it go?",
        "Workload",
        "Save and open",
        "Share with the class",
    ),
    "modes": ("Compare all modes", "nested", "cluster"),
}
"""What there is to read from which level on."""


def texts_of(panel, parts_of):
    """Return all that a panel shows or may show: names, choices, sentences, pictures."""
    found = []
    for part in parts_of(panel):
        options = getattr(part, "_options_labels", ())
        found += [*options, getattr(part, "description", "")]
        found += [str(getattr(part, "tooltip", "") or "")]
        value = getattr(part, "value", None)
        found += [value] if isinstance(value, str) else []
    return re.sub(r"<style>.*?</style>", "", "\n".join(found), flags=re.DOTALL)


@pytest.mark.parametrize("level", WORDS)
def test_each_level_has_the_words_of_those_before_it_and_no_others(make_panel, parts_of, level):
    panel = make_panel(tasks=4, task_ms=5, workers=2, level=level)
    for mode in ("serial", "processes"):
        panel.controls.mode.value = mode
        panel.controls.run.click()
        assert panel.wait(60)
    shown, known = texts_of(panel, parts_of), list(WORDS).index(level)
    for number, words in enumerate(WORDS.values()):
        for word in words:
            assert (word in shown) is (number <= known), word


def test_a_hidden_part_takes_no_work(make_panel, monkeypatch):
    def fail(*_, **__):
        raise AssertionError("a hidden part was made")

    for name in ("core_load", "speedup", "account", "comparison", "load_table"):
        monkeypatch.setattr(f"swimlanes.drawing.{name}", fail)
    monkeypatch.setattr("swimlanes.panel.session.find_modes", fail)
    panel = make_panel(workload="query", tasks=2, task_ms=200, level="lanes")
    panel.session.tables.fold.button.value = True
    panel.controls.run.click()
    assert panel.wait(60)
    assert len(panel.runs) == 1


def test_the_mode_of_the_beginning_is_offered_on_every_level(make_panel):
    controls = make_panel(mode="nested", level="lanes").controls
    assert controls.mode.options == ("serial", "processes", "nested")
    assert controls.missing.value == ""


def test_a_record_that_the_level_does_not_show_is_refused(make_panel, here):
    save(study("query", mode="threads", tasks=2, task_ms=1, max_workers=1, repeats=1), "s.json")
    save(run("query", mode="threads", tasks=2, task_ms=1), "r.json")
    panel = make_panel(level="cores").open("r.json")
    assert "2 tasks" in panel.session.view.pictures.lanes.value
    with pytest.raises(
        RequestError, match=r"'s.json' holds a study, .*single runs \(level='cores'"
    ):
        panel.open("s.json")
    assert panel.studies == ()
    assert make_panel(level="speedup").open("s.json").study is not None


def test_what_is_no_level_is_refused():
    with pytest.raises(RequestError, match="no level of the panel 'lesson 3' here"):
        ControlPanel(level="lesson 3")


@pytest.mark.parametrize(
    ("workload", "most"), [("query", 32), ("payload", USUAL), ("count-down", USUAL)]
)
def test_work_that_waits_may_have_many_workers(make_panel, workload, most):
    controls = make_panel(workload=workload, mode="threads").controls
    assert controls.workers.max == most
    assert (controls.settings.many.layout.display == "none") is (most == 32)


def test_more_workers_than_the_next_workload_may_have_become_fewer_and_that_is_said(make_panel):
    controls = make_panel(workload="query", mode="threads").controls
    controls.workers.value = 20
    assert controls.request().workers == 20
    controls.workload.value = "count-down"
    assert controls.workers.value == USUAL
    assert f"20 became {USUAL}" in controls.workers.note.value


def test_a_time_is_compared_with_that_of_the_run_before(make_panel):
    panel = make_panel(workload="query", mode="serial", tasks=8, task_ms=20, level="lanes")
    for mode in ("serial", "threads"):
        panel.session.controls.mode.options = ("serial", "threads")
        panel.controls.mode.value = mode
        panel.controls.workers.value = 4
        panel.controls.run.click()
        assert panel.wait(60)
    words = panel.session.view.words.value
    assert "the run before, which took" in words
    lanes = panel.session.view.pictures.lanes.value
    assert "query: 8 tasks on 4 workers" in lanes
    assert "the run before: query, serial: 8 tasks in" in lanes
    assert "Speedup" not in words
    panel.controls.tasks.value = 4
    panel.controls.run.click()
    assert panel.wait(60)
    assert "the run before" not in panel.session.view.words.value
