"""Every lesson runs from top to bottom, with its exercises solved and unsolved."""

import json
from pathlib import Path

import nbformat
import pytest

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
def test_participants_run_it_unsolved(lesson, derive, execute, execution, secrets):
    text = derive.derive(lesson, with_solutions=False)
    notebook = execute(text)
    execution.keep(execution.kept_file(text), notebook)  # for the web pages
    found = verdicts(notebook, "exercise")
    assert found
    assert all(verdict.startswith("○ Not yet.") for verdict in found)
    assert standard_error(notebook) == []
    shown = json.dumps(notebook, ensure_ascii=False)
    in_json = {secret: json.dumps(secret, ensure_ascii=False)[1:-1] for secret in secrets(lesson)}
    assert [secret for secret, text in in_json.items() if text in shown] == []


@lessons
def test_instructors_run_it_solved(lesson, derive, execute):
    notebook = execute(derive.derive(lesson, with_solutions=True))
    found = verdicts(notebook, "solution")
    assert found
    assert all(verdict.startswith("✓ Right.") for verdict in found), found
    assert standard_error(notebook) == []


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
