import subprocess
import sys

import matplotlib
import pytest

matplotlib.use("agg")

from matplotlib import pyplot

from swimlanes import figures


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    pyplot.close("all")


def test_lanes_show_workers_and_numbers(make_run):
    ax = figures.lanes(make_run(workers=2, tasks=4))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["worker 1", "worker 2"]
    assert sorted(text.get_text() for text in ax.texts) == ["0", "1", "2", "3"]
    ax.figure.canvas.draw()


def test_figures_are_drawn_where_they_are_asked_to(make_run, make_study):
    _, (left, right) = pyplot.subplots(1, 2)
    assert figures.lanes(make_run(), left) is left
    assert figures.speedup(make_study(), right) is right


def test_speedup_shows_measured_ideal_possible_and_cores(make_study):
    ax = figures.speedup(make_study())
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["ideal", "possible here (chunks, cores)", "2 cores", "processes"]


def test_second_study_on_the_same_axes_adds_its_curve_only(make_study):
    ax = figures.speedup(make_study())
    figures.speedup(make_study("threads"), ax)
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names[-2:] == ["processes", "threads"]
    assert names.count("ideal") == 1


def test_disturbed_point_is_hollow(make_study):
    ax = figures.speedup(make_study(disturbed=(2,)))
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert [list(line.get_xdata()) for line in hollow] == [[2]]


def test_matplotlib_is_loaded_only_when_something_is_drawn():
    code = "import sys, swimlanes.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
