"""Code and tables: what is drawn and done, as text."""

import html
import re
import subprocess
import sys

from swimlanes import modes


def code_of(panel):
    text = panel.session.code.text.value
    return html.unescape(re.search("<pre.*?>(.*)</pre>", text, re.DOTALL)[1])


def test_code_of_the_last_run_runs(make_panel, here, press):
    panel = make_panel(tasks=5, task_ms=2, workers=2, lengths="1,3")
    panel.controls.run.click()
    assert panel.wait(60)
    assert panel.session.code.text.value == "", "written although nobody looks"
    press(panel, "Code for this run")
    assert "The last run: count-down, 5 tasks, 2 processes." in panel.session.code.text.value
    (here / "script.py").write_text(code_of(panel))
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert re.fullmatch(r"\d+\.\d{3} s\nresults: \[0.0, 0.0, 0.0, 0.0, 0.0\]\n", done.stdout)


def test_code_follows_the_settings_until_something_was_run(make_panel, press):
    panel = make_panel(workload="query", mode="threads", tasks=3, workers=2)
    press(panel, "Code for this run")
    assert "These settings: query, 3 tasks, 2 threads." in panel.session.code.text.value
    assert "ThreadPool(2)" in code_of(panel)
    panel.controls.workers.value = 1
    assert "ThreadPool(1)" in code_of(panel)
    panel.controls.run.click()
    assert panel.wait(60)
    panel.controls.workers.value = 2
    assert "The last run: query, 3 tasks, 1 thread." in panel.session.code.text.value


def test_code_waits_for_the_calibration(make_panel, monkeypatch, press):
    monkeypatch.setattr("swimlanes.panel.request._calibrated", set())
    panel = make_panel(tasks=3, workers=2)
    press(panel, "Code for this run")
    assert panel.wait(60)
    assert f'get_context("{modes.start_methods()[0]}").Pool(2)' in code_of(panel)
    assert panel.runs == ()


def test_tables_follow_what_was_measured(make_panel):
    panel = make_panel(workload="query", mode="threads", tasks=4, task_ms=5, repeats=1)
    tables = panel.session.tables
    tables.fold.button.value = True
    assert "to have something to list" in tables.text.value
    panel.controls.run.click()
    assert panel.wait(60)
    assert "4 tasks of query" in tables.text.value
    panel.controls.sweep.click()
    assert panel.wait(120)
    study, run = (tables.text.value.find(text) for text in ("query, threads", "4 tasks of query"))
    assert 0 <= study < run


def test_tables_say_when_the_lanes_show_a_run_that_is_in_none(make_panel):
    panel = make_panel(workload="query", mode="serial", tasks=4, task_ms=1)
    tables = panel.session.tables
    tables.fold.button.value = True
    panel.controls.run.click()
    assert panel.wait(60)
    assert "not come to its end" not in tables.text.value
    panel.controls.tasks.value, panel.controls.task_ms.value = 64, 500
    panel.controls.run.click()
    panel.controls.stop.click()
    assert panel.wait(60)
    panel.session.show_timeline(panel.last_run.timeline)  # however late it was stopped
    panel.session.show_state(panel.state)
    assert "not come to its end" in tables.text.value
    panel.controls.tasks.value, panel.controls.task_ms.value = 4, 1
    panel.controls.run.click()
    assert panel.wait(60)
    assert "not come to its end" not in tables.text.value
