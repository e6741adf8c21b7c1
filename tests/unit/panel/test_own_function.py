"""A function of one's own in the panel, beside the workloads that it brings."""

import html
import itertools
import re
import sys
from dataclasses import dataclass

import pytest

from swimlanes import ControlPanel, run, usable_cores
from swimlanes.errors import RequestError
from swimlanes.panel.state import Phase, State
from swimlanes.watching.block import Watch
from swimlanes.watching.seen import timeline

OWN = """
import os
import threading
import time


def double(x):
    return 2 * x


def fragile(x):
    return 1 / x


def meet(folder):
    open(os.path.join(folder, f"{os.getpid()}-{threading.get_ident()}"), "w").close()
    while len(os.listdir(folder)) < 2:  # until two workers are there, however slow one of them is
        time.sleep(0.001)
    return folder
"""


@dataclass
class Power:
    """What cannot be a key of a dict, as it can be equal to another one."""

    exponent: int

    def __call__(self, x):
        return x**self.exponent


@pytest.fixture
def own(here, monkeypatch):
    """Return a module of the participant's, in the current folder."""
    (here / "own_tasks.py").write_text(OWN)
    monkeypatch.syspath_prepend(here)
    monkeypatch.delitem(sys.modules, "own_tasks", raising=False)
    import own_tasks

    yield own_tasks
    sys.modules.pop("own_tasks", None)


@pytest.fixture
def of_notebook():
    """Return a function as a notebook defines it: of ``__main__``, where it cannot be imported."""

    def triple(x):
        return 3 * x

    triple.__module__ = "__main__"
    return triple


@pytest.fixture
def finished():
    """Return a function that presses a button of a panel and waits for the end of what it does."""

    def press(panel, name):
        getattr(panel.controls, name).click()
        assert panel.wait(120)
        assert panel.state == State(Phase.IDLE)

    return press


def is_shown(controls, field):
    """Return whether a field is shown, by itself or in its row."""
    boxes = [part for part in controls.children if "swimlanes-named" in part._dom_classes]
    rows = {box.children[0]: box for box in boxes}
    return rows.get(field, field).layout.display != "none"


def sizes(controls):
    return (controls.tasks, controls.task_ms, controls.task_bytes, controls.settings.lengths)


def code_of(panel):
    return html.unescape(re.search("<pre.*?>(.*)</pre>", panel.session.code.text.value, re.S)[1])


@pytest.mark.parametrize("mode", ["serial", "threads", "processes", "nested"])
def test_it_runs_in_the_panel_as_it_does_in_run(make_panel, finished, of_notebook, mode):
    panel = make_panel(workload=of_notebook, inputs=range(5), mode=mode, workers=2)
    finished(panel, "run")
    record = panel.last_run
    assert (record.workload, record.mode, record.lengths) == ("triple", mode, "")
    assert record.results == (0, 3, 6, 9, 12)
    assert record.inputs_digest == run(of_notebook, range(5), mode="serial").inputs_digest
    assert "5 tasks in" in panel.session.view.words.value


def test_function_and_inputs_come_first_and_a_mode_is_named():
    panel = ControlPanel(abs, [-1, 2], mode="threads")
    assert panel.controls.mode.value == "threads"
    panel.close()


def test_it_is_one_of_the_workloads_and_chosen_at_first(make_panel, finished, of_notebook):
    panel = make_panel(workload=of_notebook, inputs=[1, 2, 3], mode="threads", tasks=2, task_ms=1)
    workload = panel.controls.workload
    assert (workload.label, workload.index) == ("triple", 0)
    assert len(workload.options) == len(make_panel().controls.workload.options) + 1
    workload.value = "query"
    finished(panel, "run")
    workload.value = of_notebook
    finished(panel, "run")
    assert [(each.workload, each.tasks_count) for each in panel.runs] == [
        ("query", 2),
        ("triple", 3),
    ]


def test_fields_without_a_meaning_for_it_are_hidden_and_keep_their_values(make_panel):
    given = {"tasks": 7, "task_ms": 3, "task_bytes": 77, "lengths": "1,2"}
    controls = make_panel(workload=abs, inputs=[1, 2], **given).controls
    assert not any(is_shown(controls, field) for field in sizes(controls))
    controls.workload.value = "count-down"
    assert [is_shown(controls, field) for field in sizes(controls)] == [True, True, False, True]
    assert [field.value for field in sizes(controls)] == list(given.values())
    controls.workload.value = "payload"
    assert [is_shown(controls, field) for field in sizes(controls)] == [True, False, True, True]
    controls.workload.value = abs
    assert not any(is_shown(controls, field) for field in sizes(controls))


def test_it_is_swept_after_a_guess_saved_opened_and_replayed(
    make_panel, finished, own, here, press
):
    panel = make_panel(
        workload="own_tasks:double", inputs=[1, 2, 3], mode="threads", repeats=1, workers=2,
        predict=True,
    )  # fmt: skip
    assert panel.controls.sweep.disabled
    panel.controls.expectation.confirm.click()
    finished(panel, "sweep")
    assert panel.study.workload == "double"
    assert panel.study.runs[0].results == (2, 4, 6)
    assert [point.workers for point in panel.study.points] == list(range(1, usable_cores() + 4))
    assert "your guess" in panel.session.view.pictures.speedup.value
    panel.save("study.json")
    panel.open("study.json")
    assert panel.studies[0] == panel.studies[1]
    panel.session.archive.speed.value = 20.0
    press(panel, "Replay")
    assert panel.wait(60)
    assert panel.state == State(Phase.IDLE)


def test_it_is_compared_in_all_modes(make_panel, finished, few_modes, of_notebook):
    panel = make_panel(workload=of_notebook, inputs=[1, 2], workers=1, repeats=1)
    finished(panel, "compare")
    assert panel.comparison.workload == "triple"
    assert {"threads", "processes"} <= {study.mode for study in panel.comparison.studies}


def test_an_iterator_gives_all_runs_the_same_inputs(make_panel, finished):
    panel = make_panel(workload=str, inputs=(x * x for x in range(4)), mode="threads")
    for _ in "12":
        finished(panel, "run")
    assert [each.results for each in panel.runs] == [("0", "1", "4", "9")] * 2


@pytest.mark.parametrize("mode", ["threads", "processes"])
def test_a_lambda_runs_and_its_code_leaves_its_place_open(make_panel, finished, press, mode):
    panel = make_panel(workload=lambda x: x + 1, inputs=[1, 2], mode=mode, workers=2)
    press(panel, "Code for this run")
    assert "\nfunction = ...  # your function\n" in code_of(panel)
    assert "pool.map(function, inputs" in code_of(panel)
    finished(panel, "run")
    assert panel.last_run.results == (2, 3)


def test_an_object_that_can_be_called_runs_as_well(make_panel, finished):
    panel = make_panel(workload=Power(3), inputs=[1, 2], mode="threads")
    assert panel.controls.workload.label == "Power(exponent=3)"
    finished(panel, "run")
    assert panel.last_run.results == (1, 8)


def test_its_name_is_not_taken_for_that_of_a_workload(make_panel, finished, monkeypatch):
    monkeypatch.setattr("swimlanes.panel.request._calibrated", set())

    def hashing(x):
        return x

    panel = make_panel(workload=hashing, inputs=[1, 2], mode="threads")
    assert panel.controls.request().calibrated
    finished(panel, "run")
    assert panel.last_run.results == (1, 2)
    panel.controls.workload.value = "hashing"
    assert not panel.controls.request().calibrated


def test_an_error_names_task_and_input_and_the_panel_goes_on(make_panel, finished, own):
    panel = make_panel(workload=own.fragile, inputs=[1, 0, 2], workers=2)
    panel.controls.run.click()
    assert panel.wait(60)
    assert panel.state.phase is Phase.FAILED
    with pytest.raises(Exception, match="ZeroDivisionError") as raised:
        run(own.fragile, [1, 0, 2], workers=2)
    assert panel.state.sentence == str(raised.value)
    assert "Task 1" in panel.state.sentence
    assert "input 0" in panel.state.sentence
    assert "a task that failed" in panel.session.view.pictures.lanes.value
    panel.controls.workload.value = "query"
    panel.controls.tasks.value = 2
    finished(panel, "run")
    assert panel.last_run.tasks_count == 2


@pytest.mark.parametrize("mode", ["threads", "processes"])
def test_code_does_what_the_panel_did(make_panel, finished, press, own, here, mode):
    met = here / "met"
    met.mkdir()
    panel = make_panel(workload=own.meet, inputs=[str(met)] * 7, mode=mode, workers=2)
    finished(panel, "run")
    press(panel, "Code for this run")
    assert "from own_tasks import meet" in code_of(panel)
    for file in met.iterdir():
        file.unlink()
    names = {"__name__": "__main__"}
    with Watch("block") as watch:
        exec(code_of(panel), names)  # as a cell of a notebook does
    seen, shown = timeline(watch.seen, ended=True), panel.last_run.timeline
    assert names["results"] == list(panel.last_run.results)
    assert len(seen.lanes) == len(shown.lanes) == 2
    assert len(seen.tasks) == len(shown.tasks) == 7


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((abs,), r"function needs inputs, one for each task.*: abs, \[1, 2, 3\]\.$"),
        (("query", [1, 2]), "'query' makes its own"),
        ((abs, 5), "Inputs are a list or the like, one for each task, not 5"),
        ((abs, "abc"), "Inputs are a list, .*'abc' is a single text: .* each of its characters"),
        ((abs, b"abc"), "is a single value of bytes: .* each of its bytes"),
        ((abs, {1: 2}), "is a dict: .* each of its keys, without the values"),
        ((abs, []), "There are no inputs. Give at least one"),
        ((abs, range(100_001)), "number of inputs must be .* to 100000, not 100001"),
        ((abs, itertools.count()), "or they never end"),
        ((abs(-3), [1]), "not 3. Give the function itself without calling it"),
        ((None, [1]), "not None. Give the function itself without calling it"),
        (("nowhere:work", [1]), "'nowhere:work' cannot be imported"),
        (("os:no_such", [1]), "'os:no_such' cannot be imported"),
        (("os:sep", [1]), "is not a function, but of type str"),
        (("nap", [1]), "no workload 'nap'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(RequestError, match=sentence):
        ControlPanel(*arguments)
