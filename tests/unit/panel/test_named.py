"""Every control has a name that can be read out, and its slider follows it."""

import ipywidgets as widgets
import pytest

from swimlanes.buttons import Button
from swimlanes.panel.parts import Number, choice, with_slider

FIELDS = (Number, widgets.Dropdown, widgets.Checkbox)
BUTTONS = (widgets.Button, Button, widgets.ToggleButton)
SLIDERS = (widgets.IntSlider, widgets.FloatSlider, widgets.SelectionSlider)


def test_a_slider_follows_its_number_and_tells_the_kernel_nothing():
    field = Number("Tasks", 3, 1, 9)
    slider = with_slider(field).children[1]
    field.value = 7
    assert slider.value == 7
    slider.set_state({"value": 5})  # late, from a page
    assert (field.value, slider.value) == (7, 7)
    field.max = 4
    assert (field.value, slider.value, slider.max) == (4, 4, 4)
    field.disabled = True
    assert slider.disabled


@pytest.mark.parametrize(
    ("asked", "fitting", "words"),
    [
        (2.5, 3, "2.5 became 3: this takes a whole number from 1 to 9."),
        (-3, 1, "-3 became 1"),
        (70, 9, "70 became 9"),
        (float("inf"), 9, "inf became 9"),
        (4, 4, ""),
    ],
)
def test_a_number_that_does_not_fit_is_made_to_fit_and_that_is_said(asked, fitting, words):
    field = Number("Tasks", 5, 1, 9)
    with_slider(field)
    field.value = asked
    assert (field.value, field.whole) == (fitting, fitting)
    assert words in field.note.value
    assert bool(words) == bool(field.note.value)


def test_what_was_said_about_a_number_goes_with_the_next_one():
    field = Number("I expect", 1.0, 0.5, 5.0, 0.1)
    field.value = 1.25
    assert (field.value, field.note.value) == (1.25, "")
    field.value = 0.1
    assert "0.1 became 0.5: this takes a number from 0.5 to 5" in field.note.value
    field.value = 2.0
    assert field.note.value == ""


def test_limits_may_change():
    field = Number("Tasks", 8, 1, 9)
    field.max = 4
    assert (field.value, field.tooltip) == (4, "a whole number from 1 to 4")


def test_a_slider_follows_its_choice_and_tells_the_kernel_nothing():
    field = choice("Task length", [("10 ms", 10), ("20 ms", 20)], 20)
    slider = with_slider(field).children[1]
    slider.set_state({"index": 0})
    assert (field.value, slider.index) == (20, 1)
    field.options = [("1 ms", 1), ("2 ms", 2), ("20 ms", 20)]
    field.value = 20
    assert (slider.value, slider.index) == (20, 2)


def test_what_is_typed_stays_within_bounds():
    field = Number("Tasks", 3, 1, 9)
    with_slider(field)
    field.value = 99
    assert field.value == 9
    field.value = 0
    assert field.value == 1


@pytest.mark.parametrize("arguments", [{}, {"mode": "nested", "predict": True}])
def test_every_field_and_button_has_a_name_of_its_own(make_panel, parts_of, arguments):
    panel = make_panel(**arguments)
    named = [part for part in parts_of(panel) if isinstance(part, (*FIELDS, *BUTTONS))]
    names = [(type(part) in BUTTONS, part.description) for part in named]
    assert len(named) > 20
    assert all(name for _, name in names)
    assert len(set(names)) == len(names)


def test_sliders_have_no_name_and_so_are_always_below_a_named_field(make_panel, parts_of):
    boxes = [part for part in parts_of(make_panel()) if "swimlanes-named" in part._dom_classes]
    below = [slider for box in boxes for slider in box.children if isinstance(slider, SLIDERS)]
    everywhere = [part for part in parts_of(make_panel()) if isinstance(part, SLIDERS)]
    assert len(below) == len(boxes) == len(everywhere)
    assert all(isinstance(box.children[0], FIELDS) for box in boxes)
