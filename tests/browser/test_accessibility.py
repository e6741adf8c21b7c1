"""What axe-core finds on the real page; what is outside the panel is not ours."""

import os
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .panel import FOLDS

GRAVE = {"serious", "critical"}


def grave_findings(panel):
    """Return what is wrong in the panel, and where."""
    found = Axe().run(panel.page, context=".swimlanes").response["violations"]
    return [
        f"{finding['help']}: {node['html'][:200]} {node['failureSummary']}"
        for finding in found
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]


def test_axe_finds_what_is_wrong(open_panel):
    panel = open_panel()
    panel.whole.evaluate("panel => panel.insertAdjacentHTML('beforeend', '<input>')")
    assert grave_findings(panel)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_grave_finding_in_any_state(open_panel, theme):
    panel = open_panel("tasks=8, task_ms=20, repeats=2, predict=True", theme=theme)
    assert grave_findings(panel) == []
    panel.button("That is my guess").click()
    panel.do("Sweep")
    panel.do("Run")
    for fold in FOLDS:
        panel.button(fold).click()
    expect(panel.whole.get_by_role("table").first).to_be_visible()
    assert grave_findings(panel) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_grave_finding_during_a_run_and_after_a_failure(open_panel, theme):
    panel = open_panel("tasks=60, task_ms=500", theme=theme)
    panel.begin()
    assert grave_findings(panel) == []
    os.kill(panel.workers()[0], signal.SIGKILL)
    expect(panel.alert).to_be_visible()
    assert grave_findings(panel) == []
