"""Figures of matplotlib can be read in both themes of a notebook."""

import re
from xml.etree import ElementTree

import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from swimlanes import plots


@pytest.fixture
def bundle():
    """Return the function that tells what a notebook is given of a figure."""
    shell = InteractiveShell()
    plots.follow_the_theme(shell)
    return lambda figure: shell.display_formatter.format(figure)[0]


def plot(points=3, marker="o"):
    figure = Figure()
    axes = figure.subplots()
    axes.plot(range(points), marker=marker, label="measured")
    axes.plot([0, 1], [1, 0], "--", color="black")
    axes.legend()
    axes.set(xlabel="workers")
    return figure


def test_ink_and_paper_of_a_plot_are_those_of_the_page(bundle):
    svg = bundle(plot())["image/svg+xml"]
    ElementTree.fromstring(svg)
    assert "stroke: var(--ink, #000000)" in svg
    assert "fill: var(--paper, #ffffff)" in svg
    assert not re.search(r"(fill|stroke): #(000000|ffffff)", svg)
    assert "prefers-color-scheme:dark" in svg
    assert "svg{--ink:#000000;--paper:#ffffff;fill:var(--ink)}" in svg  # also that of letters


@pytest.mark.parametrize("colours", [plots.LIGHT, plots.DARK])
def test_letters_of_a_plot_can_be_read_in_both_themes(contrast, colours):
    assert contrast(*colours) >= 4.5


def test_very_many_marks_stay_pixels(bundle):
    assert "image/svg+xml" not in bundle(plot(plots.MOST_MARKS + 1))
    assert "image/svg+xml" in bundle(plot(plots.MOST_MARKS + 1, marker=None))


def test_a_file_stays_as_matplotlib_makes_it(tmp_path):
    plot().savefig(tmp_path / "plot.svg")
    assert "var(" not in (tmp_path / "plot.svg").read_text()
