"""Panels that are closed in the end, and leave nothing behind."""

import ipywidgets as widgets
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
def parts_of():
    """Return a function that yields a widget and all that it holds."""

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    return walk


@pytest.fixture
def press(parts_of):
    """Return a function that presses the button with this name in a panel."""

    def press_in(panel, name):
        (button,) = [part for part in parts_of(panel) if named(part, name)]
        if isinstance(button, widgets.ToggleButton):
            button.value = not button.value
        else:
            button.click()

    return press_in


def named(part, name):
    return isinstance(part, (widgets.Button, widgets.ToggleButton)) and part.description == name


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return a folder of its own, the current one as in a notebook."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
