"""What a notebook says below the traceback about a name that is missing."""

import json
import subprocess
import sys

import pytest

CELLS = [
    "Pool = print",
    "%%writefile my_modules/lookups.py\nwords = None",
    "from swimlanes import checks",
    "%%writefile my_modules/shared_table.py\nrows = 1\n\ndef attach(name):\n    ...",
    "from my_modules import shared_table",
]
ASKED = """
import sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "swimlanes")
for cell in sys.argv[1:]:
    print(shell.run_cell(cell, store_history=True).success)
"""


@pytest.fixture
def said(tmp_path, monkeypatch):
    """Return a function that runs cells, and returns what is printed below their tracebacks."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in CELLS]
    (tmp_path / "lesson.ipynb").write_text(json.dumps({"cells": cells}))
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))

    def run(*cells):
        command = [sys.executable, "-c", ASKED, *cells]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60)
        assert done.stderr == ""
        return done.stdout

    return run


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("Pool(2)", "`Pool` comes from the cell with `Pool = print`."),
        ("def f():\n    return Pool\nf()", "`Pool` comes from the cell with `Pool = print`."),
        (
            "import my_modules.lookups",
            "comes from the cell with `%%writefile my_modules/lookups.py`.",
        ),
        ("shared_table", "comes from the cell with `from my_modules import shared_table`."),
        ("def mine(): ...\nchecks.speedup(speedup)", "`checks` comes from the cell with"),
    ],
)
def test_the_cell_that_makes_the_name_is_told(cell, sentence, said):
    printed = said(cell)
    assert "Error" in printed
    assert "Run the cells above first: `" in printed
    assert sentence in printed
    assert printed.endswith("False\n")


def test_an_answer_with_another_name_than_its_check_wants_is_told(said):
    printed = said("from swimlanes import checks", "def mine(): ...\nchecks.speedup(speedup)")
    assert "The check in this cell looks for `speedup`, and no cell has made it" in printed


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("kinds = {'a': strong}\nchecks.scaling_kinds(kinds)", "strong"),
        ("my_run = dict(lengths=ramp-down)\nchecks.even_ends(my_run)", "ramp-down"),
    ],
)
def test_a_word_without_quotes_is_told(cell, word, said):
    assert f"If you mean the word, write it in quotes: `{word!r}`." in said(cell)


def test_a_function_without_its_module_is_told(said):
    assert "`attach` is in the module `shared_table`: write `shared_table.attach`." in said(
        "attach(1)"
    )


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            'my_run = run("count-down", workers=?, tasks=?)\nchecks.crowded(my_run)',
            "The `?` in line 1 stands for your answer. Replace each `?` by a number",
        ),
        ("my_run = run(\n  lengths=?)", "The `?` in line 2"),
        ("kinds = {\n  'a': 'strong,\n}", "A quote is missing in line 2"),
        (
            "four = run('query', lengths=1,8)",
            "one text in line 1, write them",
        ),
        (
            "kinds = {'a': strong scaling}\nchecks.scaling_kinds(kinds)",
            "If you mean the word in line 1, write it in quotes: `'strong'`.",
        ),
    ],
)
def test_what_python_cannot_read_is_told(cell, sentence, said):
    printed = said(cell)
    assert "SyntaxError" in printed
    assert sentence in printed


@pytest.mark.parametrize("cell", ["1 +", "print('why?' 3 4)  # ?", "exec('1 +')", "  if 1:"])
def test_python_speaks_for_itself_elsewhere(cell, said):
    printed = said(cell)
    assert "SyntaxError" in printed
    assert "in line" not in printed


@pytest.mark.parametrize("cell", ["nosuch", "import nosuch", "Pool = 1\nraise NameError('Pool')"])
def test_nothing_is_said_of_other_names(cell, said):
    printed = said(cell)
    assert "Error" in printed
    assert "cells above" not in printed
    assert "looks for" not in printed
