"""Which cell of a notebook makes a name."""

import json

import pytest

from swimlanes import course

CELLS = [
    ("import numpy as np\nfrom os import path, sep as s", []),
    (
        "%%time\nfor i in range(3):\n    with open(i) as file:\n        total = [x for x in file]",
        [],
    ),
    ("%%writefile my_modules/lookups.py\nwords = None", []),
    ("def task(value):\n    inner = value\n    return inner", []),
    ("from re import compile as c\nanswer = 42", ["exercise"]),
    ("this is no code", []),
    ("late = 1", []),
]


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Return the notebook of this kernel, in the current folder."""
    cells = [
        {"cell_type": "code", "metadata": {"tags": tags}, "source": source.splitlines(True)}
        for source, tags in CELLS
    ]
    path = tmp_path / "05-here.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "x"}, *cells]}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", "course/05-here.ipynb")
    return path


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("np", "import numpy as np"),
        ("s", "from os import path, sep as s"),
        ("total", "total = [x for x in file]"),
        ("file", "with open(i) as file:"),
        ("lookups", "%%writefile my_modules/lookups.py"),
        ("my_modules", "%%writefile my_modules/lookups.py"),
        ("words", ""),
        ("task", "def task(value):"),
        ("inner", ""),
        ("answer", ""),
        ("c", "from re import compile as c"),
        ("nosuch", ""),
    ],
)
@pytest.mark.usefixtures("notebook")
def test_the_line_that_makes_a_name(name, line):
    assert course.origin(name) == line


@pytest.mark.usefixtures("notebook")
def test_a_cell_below_makes_nothing_for_those_above():
    assert course.origin("late") == "late = 1"
    assert course.origin("late", "def task(value):\n    inner = value\n    return inner") == ""


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"cells": [3]}', '{"cells": [{"cell_type": "code"}]}']
)
def test_a_broken_notebook_makes_nothing(text, notebook):
    notebook.write_text(text)
    assert course.origin("np") == ""


def test_a_kernel_without_a_notebook_makes_nothing(notebook, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert course.origin("np") == ""
