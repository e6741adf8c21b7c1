"""A small course: its originals, and a participant's folder with copies of them."""

import json
import shutil

import pytest

TITLES = {"00-your-cores": "00 · Your cores", "04-processes": "04 · Processes"}
SOURCES = {
    "00-your-cores": ["checks.first(1)", "x = checks.other(2)\nchecks.second(x)"],
    "04-processes": ["checks.arranged(lines)"],
}


def lesson_text(name):
    """Return a lesson's notebook."""
    title = TITLES[name].replace("cores", "`cores`")
    times = "**Time:** 50 minutes of reading and running, 15 minutes of exercises."
    head = f"# {title}\n\n{times}"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": head}] + [
        {"cell_type": "code", "metadata": {"tags": ["exercise"]}, "source": source.split("\n")}
        for source in SOURCES[name]
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def originals(tmp_path, monkeypatch):
    """Return the folder with the originals, which the environment names."""
    folder = tmp_path / "originals"
    folder.mkdir()
    for name in TITLES:
        (folder / f"{name}.ipynb").write_text(lesson_text(name))
    (folder / "START.ipynb").write_text('{"cells": []}')
    monkeypatch.setenv("SWIMLANES_COURSE", str(folder))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return folder


@pytest.fixture
def home(originals, tmp_path, monkeypatch):
    """Return a participant's course, in which their notebooks run."""
    folder = shutil.copytree(originals, tmp_path / "course")
    monkeypatch.chdir(folder)
    return folder
