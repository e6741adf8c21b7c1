"""A figure of the course, as a participant sees it in JupyterLab."""

import io
import shutil

import nbformat
import pytest
from PIL import Image

from .front_ends import NOTEBOOK, load


@pytest.fixture
def lesson(lab, repository):
    """Put a lesson's text with a figure, and the figures, where JupyterLab finds them."""
    work = lab.folder / "work"
    figures = repository / "course" / "notebooks" / "figures"
    shutil.copytree(figures, work / "figures", dirs_exist_ok=True)
    cell = nbformat.v4.new_markdown_cell("![Two threads take turns.](figures/gil-timeline.svg)")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), work / NOTEBOOK)
    yield f"{lab.url}/lab/tree/{NOTEBOOK}?token={lab.token}&reset"
    lab.shut_down_kernels()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_is_shown_with_its_text(theme, lesson, lab, new_page):
    lab.choose(theme)
    page = new_page()
    figure = page.get_by_role("img", name="Two threads take turns.")
    load(page, lesson, figure)
    assert figure.evaluate("image => image.complete && image.naturalWidth") == 720
    assert is_dark(figure.screenshot()) == (theme == "dark")


def is_dark(png):
    """Return whether a picture's paper is dark; there is nothing else near its left edge."""
    width, height = (picture := Image.open(io.BytesIO(png)).convert("L")).size
    return picture.getpixel((width // 60, height // 2)) < 128
