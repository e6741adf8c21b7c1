"""The panel without a browser: real runs, real buttons."""

import os
import re
import signal

import pytest

from swimlanes import ControlPanel, modes, usable_cores
from swimlanes.cores import Limit, UsableCores
from swimlanes.errors import RequestError
from swimlanes.panel.state import Phase, State
from swimlanes.panel.view import View

MODES = [mode for mode in modes.MODES if mode != "interpreters"]
if not modes.why_unavailable("interpreters"):  # a matter of this very Python's version
    MODES.append("interpreters")


def test_run_leaves_a_record_lanes_and_a_sentence(make_panel):
    panel = make_panel(tasks=4, task_ms=5, workers=2)
    panel.controls.run.click()
    assert panel.wait(60)
    assert panel.state == State(Phase.IDLE)
    assert panel.last_run.tasks_count == 4
    assert "4 tasks on 2 workers" in panel.session.view.pictures.lanes.value
    assert "2 processes: 4 tasks in" in panel.session.view.words.value
    assert "2 processes" in panel.session.view.earlier.value


def test_buttons_return_at_once_and_a_double_click_starts_one_run(make_panel):
    panel = make_panel(mode="serial", tasks=40, task_ms=500)
    panel.controls.run.click()
    assert panel.state.phase in (Phase.CALIBRATING, Phase.RUNNING)
    assert panel.controls.run.barred
    assert panel.controls.sweep.barred
    assert not panel.controls.stop.barred
    panel.controls.run.click()
    panel.controls.sweep.click()
    panel.controls.stop.click()
    assert panel.state.phase is Phase.STOPPING
    assert panel.controls.stop.barred
    panel.controls.stop.click()
    assert panel.wait(20)
    assert panel.state == State(Phase.IDLE, "Stopped. The picture shows how far it came.")
    assert panel.runs == ()
    assert not panel.controls.run.barred


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_runs_and_says_so(make_panel, require, mode):
    reason = modes.why_unavailable(mode)
    require(not reason, reason, ".ci/free-threaded")
    panel = make_panel(workload="query", mode=mode, workers=2, tasks=4, task_ms=5)
    panel.controls.run.click()
    assert panel.wait(60)
    assert panel.state == State(Phase.IDLE)
    assert panel.last_run.mode == mode
    assert "4 tasks in" in panel.session.view.words.value


def test_everything_that_is_chosen_reaches_the_run(make_panel):
    panel = make_panel(
        workload="payload", mode="nested", workers=2, threads=3, tasks=5, task_bytes=300,
        lengths="1,3", schedule="imap_unordered", chunksize=2, start_method="spawn",
    )  # fmt: skip
    panel.controls.run.click()
    assert panel.wait(60)
    run = panel.last_run
    assert (run.workload, run.mode, run.workers, run.threads) == ("payload", "nested", 2, 3)
    assert [len(result) for result in run.results] == [300, 900, 300, 900, 300]
    assert (run.schedule, run.chunksize, run.start_method) == ("imap_unordered", 2, "spawn")
    assert "2 processes × 3 threads" in panel.session.view.pictures.lanes.value


def test_a_beginning_reaches_the_run_and_is_shown(make_panel):
    panel = make_panel(
        workload="query", mode="threads", workers=2, tasks=4, task_ms=5,
        initializer=print, initargs=["hello"], warmup=2,
    )  # fmt: skip
    panel.controls.run.click()
    assert panel.wait(60)
    assert (panel.last_run.warmup, panel.last_run.printed) == (2, "hello\n" * 2)
    assert "warm-up" in panel.session.view.pictures.lanes.value
    assert "after a warm-up of" in panel.session.view.words.value
    with pytest.raises(RequestError, match="warmup is how often"):
        make_panel(warmup=-1)


def test_modes_that_do_not_work_here_are_shown_with_the_reason_and_cannot_be_chosen(
    make_panel, monkeypatch, require
):
    monkeypatch.setenv("SWIMLANES_FREE_THREADED_PYTHON", "/no/such/python")
    gil = modes.why_unavailable("free-threaded")
    require(gil, "this Python has no GIL, so nothing is missing", "run the tests with a usual one")
    controls = make_panel().controls
    assert "free-threaded" not in controls.mode.options
    assert "not available here: free-threaded" in controls.missing.value
    assert "/no/such/python" in controls.missing.value
    shown = [*controls.mode.options, *re.findall(r"<b>(.*?)</b>", controls.missing.value)]
    assert sorted(shown) == sorted(modes.MODES)


def test_controls_follow_what_is_chosen(make_panel):
    controls = make_panel().controls
    boxes = [part for part in controls.children if hasattr(part, "children")]
    rows = {box.children[0]: box for box in boxes}

    def shown(field):
        return rows.get(field, field).layout.display != "none"

    assert not shown(controls.threads)
    assert shown(controls.settings.start_method)
    controls.mode.value = "nested"
    assert shown(controls.threads)
    controls.mode.value = "threads"
    assert not shown(controls.settings.start_method)
    assert controls.request().options["start_method"] is None
    assert shown(controls.task_ms)
    assert not shown(controls.task_bytes)
    controls.workload.value = "memory"
    assert shown(controls.task_bytes)
    assert not shown(controls.task_ms)


def test_the_address_of_a_cluster_is_asked_for_in_its_mode_only(make_panel, require):
    require(not modes.why_unavailable("cluster"), "Dask is not installed", "make venv")
    panel = make_panel(mode="threads", tasks=2, cluster="nonsense")
    controls = panel.controls
    assert controls.cluster.layout.display == "none"
    assert controls.request().make_plan().cluster == ""
    controls.mode.value = "cluster"
    assert controls.cluster.layout.display != "none"
    controls.run.click()
    assert panel.wait(60)
    assert panel.state.phase is Phase.FAILED
    assert panel.state.sentence.startswith("No Dask scheduler answers at nonsense")
    assert "Check that it runs" in panel.session.view.failure.value


def test_unusual_values_are_kept_as_they_were_given(make_panel):
    given = {"task_ms": 0.7, "task_bytes": 12_345, "lengths": "2,1", "chunksize": 23}
    request = make_panel(**given).controls.request()
    assert {name: request.options[name] for name in given} == given


def test_many_tasks_are_watched_from_the_first_moment(make_panel):
    panel = make_panel(workload="query", mode="threads", workers=4, tasks=3000, task_ms=0.01)
    panel.controls.run.click()
    assert panel.wait(60)
    assert panel.state == State(Phase.IDLE)


def test_moving_sliders_does_not_disturb_a_run(make_panel):
    panel = make_panel(tasks=6, task_ms=20, workers=2)
    panel.controls.run.click()
    panel.controls.tasks.value = 9
    panel.controls.workers.value = 3
    panel.controls.mode.value = "threads"
    assert panel.wait(60)
    assert (panel.last_run.tasks_count, panel.last_run.workers) == (6, 2)
    assert panel.last_run.mode == "processes"
    assert not panel.controls.run.barred


def test_sweep_leaves_a_study_and_later_runs_are_compared_with_it(make_panel, press):
    panel = make_panel(workload="query", mode="threads", tasks=4, task_ms=5, repeats=1)
    panel.controls.sweep.click()
    assert panel.wait(120)
    assert [point.workers for point in panel.study.points] == list(range(1, usable_cores() + 4))
    assert len(panel.studies) == 1
    assert "possible here" in panel.session.view.pictures.speedup.value
    panel.controls.run.click()
    assert panel.wait(60)
    assert re.search(r"Speedup \d\.\d\d of \d\.\d\d possible", panel.session.view.words.value)
    press(panel, "Clear")
    assert (panel.study, panel.last_run) == (None, None)
    assert "Press Sweep" in panel.session.view.pictures.speedup.value


def test_stop_in_a_sweep_keeps_what_was_measured_out_of_the_way(make_panel):
    panel = make_panel(tasks=60, task_ms=500)
    panel.controls.sweep.click()
    panel.controls.stop.click()
    assert panel.wait(20)
    assert panel.state.sentence == "Stopped. The picture shows how far it came."
    assert panel.study is None


def test_killed_worker_is_one_sentence_and_the_panel_goes_on(make_panel, eventually):
    panel = make_panel(tasks=40, task_ms=500, workers=2)
    panel.controls.run.click()
    eventually(lambda: "pid " in panel.session.view.pictures.lanes.value)
    pid = int(panel.session.view.pictures.lanes.value.partition("pid ")[2].partition("<")[0])
    os.kill(pid, signal.SIGKILL)
    assert panel.wait(20)
    assert panel.state.phase is Phase.FAILED
    assert "SIGKILL" in panel.session.view.failure.value
    panel.controls.tasks.value = 2
    panel.controls.task_ms.value = 5
    panel.controls.run.click()
    assert panel.wait(60)
    assert panel.state == State(Phase.IDLE)
    assert panel.session.view.failure.value == ""


def test_detail_of_a_failure_is_folded():
    view = View(usable_cores())
    view.show_state(State(Phase.FAILED, "It broke <here>.", "Traceback …"))
    assert "It broke &lt;here&gt;." in view.failure.value
    assert re.search("<details><summary>Detail</summary><pre.*>Traceback …", view.failure.value)


def test_closing_the_panel_ends_the_run(make_panel):
    panel = make_panel(tasks=60, task_ms=500)
    panel.controls.run.click()
    panel.close()
    assert panel.wait(20)


def test_serial_has_no_workers_to_choose_and_nothing_to_sweep(make_panel):
    controls = make_panel(mode="serial").controls
    assert controls.workers.disabled
    assert controls.sweep.disabled
    assert not controls.run.disabled
    controls.mode.value = "threads"
    assert controls.workers.description == "Threads"
    assert not controls.workers.disabled
    assert not controls.sweep.disabled


def test_more_workers_on_request(make_panel):
    controls = make_panel().controls
    assert controls.workers.max == usable_cores() + 3
    assert controls.settings.fold.content.layout.display == "none"
    controls.settings.fold.button.value = True
    assert controls.settings.fold.content.layout.display == ""
    controls.settings.many.value = True
    assert controls.workers.max == 32


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"workers": 0}, "0"),
        ({"workers": 33}, "33"),
        ({"tasks": -1}, "-1"),
        ({"task_ms": "long"}, "'long'"),
        ({"mode": "fibres"}, "'fibres'"),
        ({"workload": "nap"}, "'nap'"),
        ({"repeats": 0}, "0"),
        ({"threads": 2}, "'nested'"),
        ({"mode": "nested", "threads": 33}, "33"),
        ({"task_bytes": 0}, "0"),
        ({"lengths": "long"}, "'long'"),
        ({"schedule": "starmap"}, "'starmap'"),
        ({"chunksize": 0}, "0"),
        ({"start_method": "beam"}, "'beam'"),
        ({"mode": "threads", "start_method": "beam"}, "'beam'"),
    ],
)
def test_bad_values_are_refused_with_the_value(arguments, named):
    with pytest.raises(RequestError, match=named):
        ControlPanel(**arguments)


@pytest.mark.parametrize(("cores", "warned"), [(1, True), (2, False)])
def test_one_core_is_told_beforehand(cores, warned):
    limits = [Limit("host", 16, "the host has 16 CPUs"), Limit("affinity", cores, "pinned")]
    header = View(UsableCores(limits, range(cores))).header.value
    assert ("flat" in header) is warned


def test_two_panels_do_not_share_ids(make_panel):
    pictures = [make_panel().session.view.pictures for _ in "12"]
    one, two = (each.lanes.value.partition('id="')[2][:20] for each in pictures)
    assert one != two


def test_calibrating_is_told_and_the_click_returns_before_it(make_panel, monkeypatch):
    monkeypatch.setattr("swimlanes.panel.request._calibrated", set())
    panel = make_panel(tasks=60, task_ms=500)
    panel.controls.run.click()
    assert panel.state == State(Phase.CALIBRATING, "Calibrating.")
    assert "Calibrating." in panel.controls.status.value
    panel.controls.stop.click()
    assert panel.wait(60)
    assert panel.runs == ()
    assert panel.state.sentence.startswith("Stopped.")


def test_sentence_is_about_the_run_that_is_shown(make_panel, press):
    panel = make_panel(workload="query", mode="threads", tasks=2, task_ms=5)
    words = panel.session.view.words
    assert "press Run" in words.value
    panel.controls.run.click()
    assert panel.wait(60)
    assert "2 tasks in" in words.value
    panel.controls.tasks.value = 60
    panel.controls.task_ms.value = 500
    panel.controls.run.click()
    assert words.value == ""
    panel.controls.stop.click()
    assert panel.wait(20)
    assert words.value == ""
    press(panel, "Clear")
    assert "press Run" in words.value


def test_curve_is_also_shown_as_efficiency_and_time(make_panel):
    panel = make_panel(workload="query", mode="threads", tasks=4, task_ms=5, repeats=1)
    pictures = panel.session.view.pictures
    assert pictures.show.layout.display == "none"
    panel.controls.sweep.click()
    assert panel.wait(120)
    assert pictures.show.layout.display == ""
    drawn = []
    for aspect in pictures.show.options:
        pictures.show.value = aspect
        drawn.append(pictures.speedup.value)
    assert len(set(drawn)) == 3


def test_curves_of_all_modes_stay_until_cleared(make_panel):
    panel = make_panel(workload="query", mode="threads", tasks=4, task_ms=5, repeats=1)
    for mode in ("threads", "processes"):
        panel.controls.mode.value = mode
        panel.controls.sweep.click()
        assert panel.wait(120)
    curve = panel.session.view.pictures.speedup.value
    assert ">threads<" in curve
    assert ">processes<" in curve
    assert [study.mode for study in panel.studies] == ["threads", "processes"]
    panel.session.clear()
    assert (panel.studies, panel.state.sentence) == ((), State().sentence)


def test_run_shows_load_and_account(make_panel):
    panel = make_panel(workload="query", mode="threads", tasks=2, task_ms=400, workers=1)
    panel.controls.run.click()
    assert panel.wait(60)
    pictures = panel.session.view.pictures
    assert "this run" in pictures.load.value
    assert "1 worker" in pictures.account.value


@pytest.mark.parametrize(("tasks", "lengths"), [(16, "equal"), (64, "random"), (20_000, "equal")])
def test_pictures_are_small_messages(make_panel, tasks, lengths):
    panel = make_panel(
        workload="query", mode="threads", tasks=tasks, task_ms=0.01, lengths=lengths, workers=5
    )
    pictures, sizes = panel.session.view.pictures, []
    for picture in (pictures.lanes, pictures.load):
        picture.observe(lambda change: sizes.append(len(change.new.encode())), "value")
    panel.controls.run.click()
    assert panel.wait(120)
    assert sizes
    assert max(sizes) <= 30_000


def test_without_widgets_a_text_says_what_to_do(make_panel):
    panel = make_panel()
    assert "JupyterLab" in repr(panel)
    assert "swimlanes.run()" in repr(panel)
    bundle = panel._repr_mimebundle_()
    assert bundle["text/plain"] == repr(panel)
    assert "application/vnd.jupyter.widget-view+json" in bundle
