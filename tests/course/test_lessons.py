"""Every lesson runs from top to bottom, with its exercises solved and unsolved."""

import ast
import json
import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from swimlanes.course.cells import names_in

LESSONS = sorted((Path(__file__).parents[2] / "course" / "lessons").glob("*.md"))
lessons = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def said(cell):
    """Return what the cell's value looks like as text; a check's verdict is such a value."""
    values = [output for output in cell.outputs if output.output_type == "execute_result"]
    return values[-1].data["text/plain"] if values else ""


def verdicts(notebook, tag):
    return [said(cell) for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def standard_error(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [output for cell in code for output in cell.outputs if output.get("name") == "stderr"]


@lessons
def test_it_runs_with_exercises_that_are_open_and_solved(
    lesson, derive, execute, execution, secrets
):
    """The instructor's edition holds both: each exercise as it is given, and then its solution."""
    ran = execute(derive.derive(lesson, with_solutions=True))
    still_open, solved = verdicts(ran, "exercise"), verdicts(ran, "solution")
    assert still_open
    assert all(verdict.startswith("○ Not yet.") for verdict in still_open)
    assert all(verdict.startswith("✓ Right.") for verdict in solved), solved
    assert standard_error(ran) == []

    text = derive.derive(lesson, with_solutions=False)
    participants = nbformat.reads(text, as_version=4)
    take_outputs(participants, ran)
    execution.keep(execution.kept_file(text), participants)  # for the web pages
    shown = json.dumps(participants, ensure_ascii=False)
    in_json = {secret: json.dumps(secret, ensure_ascii=False)[1:-1] for secret in secrets(lesson)}
    assert [secret for secret, text in in_json.items() if text in shown] == []


def take_outputs(notebook, ran):
    """Give a notebook's cells the outputs of a run that had solutions besides."""
    cells = [cell for cell in ran.cells if "solution" not in cell.metadata.get("tags", [])]
    pairs = zip(code_cells(notebook), code_cells_of(cells), strict=True)
    for number, (cell, executed) in enumerate(pairs, 1):
        assert cell.source == executed.source
        cell.outputs, cell.execution_count = executed.outputs, number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number


@lessons
def test_nothing_needs_a_solution(lesson):
    """So what holds with the solutions run holds without them, too."""
    solved = set()
    for cell in code_cells(jupytext.read(lesson, fmt="md:myst")):
        makes = set(names_in(cell.source))
        if "solution" in cell.metadata.get("tags", []):
            solved |= makes
            continue
        assert not (solved - makes) & uses(cell.source), cell.source
        solved -= makes


def uses(source):
    """Return the names that a cell's code reads or makes, its magics left out."""
    code = ast.parse(re.sub(r"^[ \t]*[%!].*$", "", source, flags=re.MULTILINE))
    return {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}


def code_cells(notebook):
    return code_cells_of(notebook.cells)


def code_cells_of(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


FAULTS = {
    "a warning": "import warnings; warnings.warn('old')",
    "an error": "1 / 0",
    "a process": "import subprocess; subprocess.Popen(['sleep', '9'], start_new_session=True).pid",
    "shared memory": "open('/dev/shm/psm_left', 'w').close()",
    "the network": "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lesson_with_a_fault_would_fail(fault, execute, execution, how_to_run):
    if fault == "shared memory" and how_to_run == execution.on_this_python():
        pytest.skip("without a container, shared memory is not the lesson's own")
    cell = nbformat.v4.new_code_cell(FAULTS[fault])
    with pytest.raises(execution.LessonFailed, match=r"1 failed|left behind"):
        execute(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))


@lessons
def test_no_cell_sends_a_signal_to_the_next_one(lesson):
    """Whoever ends a cell before its own timer does would have the next cell stopped."""
    cells = [cell.source for cell in jupytext.read(lesson, fmt="md:myst").cells]
    assert [cell for cell in cells if "Timer(" in cell and ".cancel()" not in cell] == []
