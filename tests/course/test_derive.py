"""The notebooks are what the lessons say, byte for byte, and hold no solution."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from swimlanes import checks
from swimlanes.course.lessons import lesson_of, mark_of

LESSONS = sorted((Path(__file__).parents[2] / "course" / "lessons").glob("*.md"))
lessons = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)

SMALL = """\
# Title

```{code-cell} ipython3
1 + 1
```

```{code-cell} ipython3
:tags: [exercise]

answer = ...
```

```{code-cell} ipython3
:tags: [solution]

answer = 42
```
"""


def cells_of(text):
    return nbformat.reads(text, as_version=4).cells


def tags_of(cell):
    return cell.metadata.get("tags", [])


def in_json(text):
    return json.dumps(text, ensure_ascii=False)[1:-1]


@lessons
def test_the_committed_notebook_is_the_derived_one(lesson, derive):
    committed = derive.PARTICIPANTS / f"{lesson.stem}.ipynb"
    assert committed.read_bytes() == derive.derive(lesson, with_solutions=False).encode()


def test_no_committed_notebook_lacks_its_lesson(derive):
    committed = {path.stem for path in derive.PARTICIPANTS.glob("*.ipynb")}
    assert committed == {"START", *(path.stem for path in LESSONS)}


def test_the_committed_start_page_is_the_derived_one(derive):
    start = derive.PARTICIPANTS / "START.ipynb"
    assert start.read_text() == derive.expected(derive.EDITIONS[0])[start]


def test_the_exercises_in_the_package_are_those_of_the_lessons(derive):
    assert derive.EXERCISES.read_text(encoding="utf-8") == derive.exercises()


@lessons
def test_the_start_page_can_tell_the_exercises_apart(lesson, derive):
    """Each exercise calls a check that no other one of the lesson calls."""
    notebook = nbformat.reads(derive.derive(lesson, with_solutions=False), as_version=4)
    found = lesson_of(f"{lesson.stem}.ipynb", notebook)
    assert found.reading_min > 0
    assert found.exercises_min > 0
    assert all(title.startswith("Exercise ") for title in found.exercises.values())
    known = {mark_of(check, lesson.name[:2]) for check in checks.__all__}
    assert set(found.exercises) <= known


@lessons
def test_no_solution_leaks(lesson, derive, secrets):
    text = derive.derive(lesson, with_solutions=False)
    assert [secret for secret in secrets(lesson) if in_json(secret) in text] == []


@lessons
def test_a_leak_would_be_found(lesson, derive, secrets):
    text = derive.derive(lesson, with_solutions=True)
    assert [secret for secret in secrets(lesson) if in_json(secret) in text]


@lessons
def test_the_participants_notebook_holds_nothing_but_its_cells(lesson, derive):
    text = derive.derive(lesson, with_solutions=False)
    notebook = nbformat.reads(text, as_version=4)
    assert notebook.metadata.keys() == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert cell.metadata in ({}, {"tags": ["exercise"]}, {"tags": ["way"]})
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@lessons
def test_a_lesson_tells_what_helps_when_stuck_and_leads_on(lesson, derive):
    _, stuck, *_, last = cells_of(derive.derive(lesson, with_solutions=False))
    for help_ in ("Press ■ a second time", "*Interrupt Kernel*", "close the window", "%%disturbed"):
        assert help_ in stuck.source
    *others, start = re.findall(r"\]\((.+?)\)", last.source)
    following = LESSONS[LESSONS.index(lesson) + 1 :][:1]
    assert others == [f"{path.stem}.ipynb" for path in following]
    assert start == "START.ipynb"


@lessons
def test_the_instructors_notebook_folds_the_solutions(lesson, derive):
    for cell in cells_of(derive.derive(lesson, with_solutions=True)):
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert folded == ("solution" in tags_of(cell))


@lessons
def test_a_lesson_has_its_parts(lesson, derive):
    cells = cells_of(derive.derive(lesson, with_solutions=False))
    text = "\n".join(cell.source for cell in cells)
    for part in ("**Questions**", "**Objectives.**", "**Time:**", "## Key points"):
        assert part in text
    assert sum("exercise" in tags_of(cell) for cell in cells) in (2, 3)


def test_a_new_cell_leaves_the_ids_of_the_others_alone(derive, tmp_path):
    lesson = tmp_path / "small.md"
    lesson.write_text(SMALL)
    before = [cell.id for cell in cells_of(derive.derive(lesson, with_solutions=False))]
    lesson.write_text(SMALL.replace("# Title\n", "# Title\n\n+++\n\nNew.\n"))
    after = [cell.id for cell in cells_of(derive.derive(lesson, with_solutions=False))]
    assert len(after) == len(before) + 1
    assert set(before) < set(after)


def test_equal_cells_have_ids_of_their_own(derive, tmp_path):
    lesson = tmp_path / "small.md"
    lesson.write_text("```{code-cell}\n1\n```\n\n```{code-cell}\n1\n```\n")
    first, second = cells_of(derive.derive(lesson, with_solutions=True))
    assert first.id != second.id


@pytest.mark.parametrize("lost", ["exercise", "solution"])
def test_half_a_pair_is_refused(lost, derive, tmp_path):
    lesson = tmp_path / "small.md"
    lesson.write_text(SMALL.replace(f":tags: [{lost}]\n", ""))
    with pytest.raises(derive.LessonError, match=r"In the lesson small.*'answer = "):
        derive.derive(lesson, with_solutions=False)


@pytest.fixture
def copy(repository, tmp_path):
    """Return a copy of the course that a test may spoil, beside its exercises."""
    exercises = Path("widgets", "swimlanes", "checks", "exercises.json")
    (tmp_path / exercises).parent.mkdir(parents=True)
    shutil.copy(repository / exercises, tmp_path / exercises)
    return shutil.copytree(repository / "course", tmp_path / "course")


def check(course):
    command = [sys.executable, str(course / "derive.py"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_check_is_silent_when_all_is_well(copy):
    answer = check(copy)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


@pytest.mark.parametrize("fault", ["edited", "missing", "left over"])
def test_check_names_the_notebook_that_differs(fault, copy):
    notebook = copy / "notebooks" / "00-your-cores.ipynb"
    if fault == "edited":
        notebook.write_text(notebook.read_text() + "\n")
    elif fault == "missing":
        notebook.unlink()
    else:
        (copy / "lessons" / "00-your-cores.md").unlink()
    answer = check(copy)
    assert answer.returncode == 1
    left_over = "00-your-cores.ipynb, START.ipynb, exercises.json"
    names = left_over if fault == "left over" else "00-your-cores.ipynb"
    assert answer.stderr == f"Not what the lessons say: {names}; run `make notebooks`.\n"


def test_deriving_writes_both_editions_and_clears_what_is_stale(copy):
    (copy / "notebooks" / "old.ipynb").write_text("{}")
    subprocess.run([sys.executable, str(copy / "derive.py")], check=True, timeout=60)
    names = {"START.ipynb", *(f"{lesson.stem}.ipynb" for lesson in LESSONS)}
    for folder in (copy / "notebooks", copy.parent / "build" / "instructor"):
        assert {path.name for path in folder.glob("*.ipynb")} == names
