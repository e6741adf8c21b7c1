"""Every control has a name that can be read out, and its slider follows it."""

import ipywidgets as widgets
import pytest

from swimlanes.panel.named import choice, whole, with_slider

FIELDS = (widgets.BoundedIntText, widgets.BoundedFloatText, widgets.Dropdown, widgets.Checkbox)
BUTTONS = (widgets.Button, widgets.ToggleButton)
SLIDERS = (widgets.IntSlider, widgets.FloatSlider, widgets.SelectionSlider)


def parts_of(widget):
    """Yield a widget and all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts_of(child)


def test_number_and_slider_follow_each_other():
    field = whole("Tasks", 3, 9)
    slider = with_slider(field).children[1]
    slider.value = 5
    assert field.value == 5
    field.value = 7
    assert slider.value == 7
    field.max = 4
    assert (field.value, slider.value, slider.max) == (4, 4, 4)
    field.disabled = True
    assert slider.disabled


def test_choice_and_slider_follow_each_other():
    field = choice("Task length", [("10 ms", 10), ("20 ms", 20)], 10)
    slider = with_slider(field).children[1]
    slider.index = 1
    assert field.value == 20
    field.options = [("1 ms", 1), ("2 ms", 2), ("20 ms", 20)]
    field.value = 20
    assert (slider.value, slider.index) == (20, 2)


def test_what_is_typed_stays_within_bounds():
    field = whole("Tasks", 3, 9)
    with_slider(field)
    field.value = 99
    assert field.value == 9
    field.value = 0
    assert field.value == 1


@pytest.mark.parametrize("arguments", [{}, {"mode": "nested", "predict": True}])
def test_every_field_and_button_has_a_name_of_its_own(make_panel, arguments):
    panel = make_panel(**arguments)
    named = [part for part in parts_of(panel) if isinstance(part, (*FIELDS, *BUTTONS))]
    names = [(type(part) in BUTTONS, part.description) for part in named]
    assert len(named) > 20
    assert all(name for _, name in names)
    assert len(set(names)) == len(names)


def test_sliders_have_no_name_and_so_are_always_below_a_named_field(make_panel):
    boxes = [part for part in parts_of(make_panel()) if "swimlanes-named" in part._dom_classes]
    below = [slider for box in boxes for slider in box.children if isinstance(slider, SLIDERS)]
    everywhere = [part for part in parts_of(make_panel()) if isinstance(part, SLIDERS)]
    assert len(below) == len(boxes) == len(everywhere)
    assert all(isinstance(box.children[0], FIELDS) for box in boxes)
