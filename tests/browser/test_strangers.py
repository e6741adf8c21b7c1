"""What others have written is text in a real browser too, and nothing of it runs."""

import json
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from swimlanes import keep
from swimlanes.errors import SwimlanesError
from swimlanes.keep import record as records

HOSTILE = "\"'></title><img src=x onerror=ran=1><svg onload=ran=1><script>ran=1</script>"
# For files, whose names hold no slash, and modules, whose names hold no dot.
NAME = "<img src=x onerror=ran=1>"
RECORDS = {
    "run": "tests/data/run-schema-2.json",
    "study": "tests/data/study-schema-2.json",
    "comparison": "course/figures/all-modes-waiting.json",
}
CLUSTER = f"""
from distributed import Nanny, Scheduler, SpecCluster
here = {{"host": "127.0.0.1"}}
worker = {{"cls": Nanny, "options": {{"nthreads": 1, **here}}}}
scheduler = {{"cls": Scheduler, "options": {{"port": 0, "dashboard": False, **here}}}}
cluster = SpecCluster({{{HOSTILE!r}: worker}}, scheduler)
"""
MODULE = f"""
TEXT = {HOSTILE!r}

def speak(number):
    print(TEXT)
    return TEXT

def fail(number):
    raise ValueError(TEXT)
"""
TOLD = f"""
import importlib
from swimlanes import run
from swimlanes.errors import TaskError
from swimlanes.panel.state import Phase, State

module = importlib.import_module({NAME!r})
panel.session.show_record(run(module.speak, [module.TEXT] * 2, mode="threads", workers=2))
try:
    run(module.fail, [module.TEXT], mode="serial")
except TaskError as error:
    panel.session.show_state(State(Phase.FAILED, str(error), error.detail))
"""
QUIZZES = f"""
from IPython.display import display
from swimlanes import checks, quizzes
from swimlanes.quizzes.kinds import Option, Ordering, Question

TEXT = {HOSTILE!r}
options = (Option(TEXT, TEXT, True), Option("2" + TEXT, TEXT, False), Option("3", TEXT, True))
one, several = (quizzes.Answering(Question("00/x", TEXT, TEXT, options[:n])) for n in (2, 3))
lines = quizzes.Arrangement(Ordering("00/y", TEXT, (TEXT, "2" + TEXT), TEXT, TEXT))
one.chosen, several.chosen = [0], [0, 2]
for card in (one, several, lines):
    card.check()
    display(card)
display(checks.Verdict(True, TEXT, printed=TEXT, more=TEXT))
"""
ALARM = f"from IPython.display import HTML\nHTML({NAME!r})"


@pytest.fixture
def quiet():
    """Return a function that fails if anything ran, or if anything that runs would go unseen."""

    def check(page, run_cell, alarm):
        assert not page.evaluate("'ran' in window")
        run_cell(page, alarm)
        page.wait_for_function("'ran' in window")

    return check


def hostile_copy(record):
    """Return a record as JSON, with the text in every field that may hold it."""
    values = json.loads(records.write(record))
    for name in texts(values):
        odd = replaced(values, name)
        with suppress(SwimlanesError):
            records.read(json.dumps(odd), name)
            values = odd
    return json.dumps(values)


def texts(value, name=""):
    if isinstance(value, dict):
        return {found for key, part in value.items() for found in texts(part, key)}
    if isinstance(value, list):
        return {found for part in value for found in texts(part, name)}
    return {name} if isinstance(value, str) else set()


def replaced(value, field, name=""):
    if isinstance(value, dict):
        return {key: replaced(part, field, key) for key, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, field, name) for part in value]
    return HOSTILE if isinstance(value, str) and name == field else value


def test_records_of_every_kind(lab, open_panel, run_cell, quiet, repository):
    for kind, file in RECORDS.items():
        record = keep.load(repository / file)
        (lab.folder / f"work/{kind}{NAME}.json").write_text(hostile_copy(record))
    opening = [f"panel.open('{kind}{NAME}.json')" for kind in RECORDS]
    panel = open_panel("", *opening, ALARM)
    panel.button("As a table").click()
    for number, kind in enumerate(RECORDS, start=1):
        run_cell(panel.page, number)
        expect(panel.whole.locator(".swimlanes-tables").get_by_text(HOSTILE).first).to_be_visible()
        shown = panel.every_way if kind == "comparison" else panel.lanes
        expect(shown.get_by_text(HOSTILE).first).to_be_attached()
    panel.button("Save and open").click()
    panel.field("Open").select_option(f"run{NAME}.json")
    panel.button("Open").click()
    expect(panel.whole.get_by_text(f"Opened run{NAME}.json.")).to_be_visible()
    quiet(panel.page, run_cell, len(RECORDS) + 1)


def test_a_live_worker_of_a_cluster(open_panel, run_cell, quiet):
    arguments = "mode='cluster', cluster=cluster.scheduler_address, workload='query', tasks=4"
    panel = open_panel(f"{arguments}, task_ms=20, workers=1", ALARM, before=CLUSTER)
    panel.do("Run")
    expect(panel.lanes.get_by_text(HOSTILE).first).to_be_attached()
    quiet(panel.page, run_cell, 1)


def test_what_tasks_print_and_errors_say(lab, open_panel, run_cell, quiet):
    (lab.folder / f"work/{NAME}.py").write_text(MODULE)
    panel = open_panel("", TOLD, "run(module.fail, [module.TEXT], mode='serial')", ALARM)
    run_cell(panel.page, 1)
    panel.whole.get_by_text("What the tasks printed").click()
    expect(panel.whole.locator("pre", has_text=HOSTILE).last).to_be_visible()
    expect(panel.alert).to_contain_text(HOSTILE)
    panel.alert.get_by_text("Detail").click()
    expect(panel.alert.get_by_text(NAME + ".py").first).to_be_visible()
    failed = run_cell(panel.page, 2)
    expect(failed.get_by_text(HOSTILE).first).to_be_visible()
    quiet(panel.page, run_cell, 3)


def test_quizzes_and_checks(lab_page, run_cell, quiet):
    page = lab_page(QUIZZES, ALARM)
    for card in page.locator(".swimlanes-quiz").all():
        expect(card.get_by_text(HOSTILE).first).to_be_visible()
    verdict = page.locator(".jp-RenderedHTMLCommon [role=status]").last
    expect(verdict).to_contain_text(HOSTILE)
    quiet(page, run_cell, 1)
