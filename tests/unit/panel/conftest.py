"""Panels that are closed in the end, and leave nothing behind."""

import pytest

from swimlanes import ControlPanel


@pytest.fixture
def make_panel(nothing_left):
    """Return a function that makes a panel; all are closed in the end."""
    panels = []

    def make(**arguments):
        panels.append(ControlPanel(**arguments))
        return panels[-1]

    yield make
    for panel in panels:
        panel.close()
        assert panel.wait(20)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return a folder of its own, the current one as in a notebook."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
