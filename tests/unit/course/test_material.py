"""A folder of any notebooks becomes a course: what it brings, and what is said of the rest."""

import json
import os
import shutil
from dataclasses import fields
from pathlib import Path

import nbformat
import pytest

from swimlanes.course import material, reset
from swimlanes.course.settings import Settings

PICTURES = Path(__file__).parents[2] / "data" / "pictures"
EXERCISE = {"cell_type": "code", "metadata": {"tags": ["exercise"]}, "source": "checks.mean(f)"}
MYST = "# Title\n\n```{code-cell}\n1 + 1\n```\n"


@pytest.fixture
def folder(tmp_path):
    """Return an empty course."""
    (tmp_path / "originals").mkdir()
    return tmp_path / "originals"


def notebook(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))


def titled(path, title):
    notebook(path, {"cell_type": "markdown", "metadata": {}, "source": f"# {title}"})


def files(found):
    return [lesson.file for lesson in found.lessons]


def start_of(found):
    return "".join(nbformat.reads(found.pieces["START.ipynb"].read(), 4).cells[0].source)


def test_a_course_of_another_field():
    found = material(PICTURES)
    assert found.faults == []
    assert [(lesson.file, lesson.title, (*lesson.exercises,)) for lesson in found.lessons] == [
        ("1-pictures.ipynb", "Pictures are arrays", ("brighter",)),
        ("filters/2-blur.ipynb", "Blur", ()),
        ("filters/10-edges.ipynb", "Edges", ("edges",)),
    ]
    assert {*found.pieces} - set(files(found)) == {
        "START.ipynb",
        "README.md",
        "data/greys.csv",
        "logo.svg",
    }
    assert '<img src="logo.svg" alt="" width="96">\n\n# Pictures &#38; numbers\n' in start_of(found)
    for name in files(found):
        text = found.pieces[name].read().decode()
        nbformat.validate(nbformat.reads(text, 4))
        assert '"solution"' not in text
        assert material(PICTURES).pieces[name].read().decode() == text
    assert found.pieces["filters/2-blur.ipynb"].made is None


def test_a_lesson_that_was_a_text_is_put_back_in_its_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SWIMLANES_COURSE", str(PICTURES))
    assert reset(tmp_path, "filters/10-edges.ipynb") is None
    (tmp_path / "filters/10-edges.ipynb").write_text("mine")
    kept = reset(tmp_path, "filters/10-edges.ipynb")
    assert kept.parent == tmp_path / "filters"
    assert b"# Edges" in (tmp_path / "filters/10-edges.ipynb").read_bytes()


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_notebooks_is_told(folder, exists):
    if not exists:
        folder.rmdir()
    found = material(folder)
    assert "There is no notebook in " in found.faults[-1]
    assert list(found.pieces) == ["START.ipynb"]
    assert "There are no lessons here yet." in start_of(found)


NAMES = ["a b.ipynb", 'it\'s "so".ipynb', "größe/日本.ipynb", "100% #1?.ipynb", "<b>.ipynb"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_a_lesson_and_its_title_where_it_has_none(folder, name):
    notebook(folder / name)
    found = material(folder)
    assert (found.faults, files(found)) == ([], [name])
    assert found.lessons[0].title == Path(name).stem


def test_lessons_of_the_same_title_are_told_apart(folder):
    for name in ("a/1.ipynb", "b/1.ipynb"):
        titled(folder / name, "Intro")
    titles = [lesson.title for lesson in material(folder).lessons]
    assert titles == ["Intro (a/1)", "Intro (b/1)"]


@pytest.mark.parametrize("hidden", [".git/x.ipynb", "a/.ipynb_checkpoints/x.ipynb", ".x.ipynb"])
def test_what_is_hidden_is_no_material(folder, hidden):
    titled(folder / "a.ipynb", "A")
    notebook(folder / hidden)
    assert set(material(folder).pieces) == {"START.ipynb", "a.ipynb"}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "leads out of the course"),
        (lambda path: path.symlink_to("/etc"), "leads out of the course"),
        (lambda path: path.symlink_to(path), "leads nowhere"),
        (lambda path: path.symlink_to("gone"), "leads nowhere"),
        (lambda path: path.symlink_to("part"), "a link to a folder"),
        (os.mkfifo, "it is no file"),
    ],
)
def test_what_is_no_file_of_the_course_is_left_out_and_told(folder, make, reason):
    titled(folder / "part/a.ipynb", "A")
    make(folder / "odd.ipynb")
    found = material(folder)
    assert files(found) == ["part/a.ipynb"]
    assert "odd.ipynb" not in found.pieces
    (fault,) = found.faults
    assert fault.startswith("'odd.ipynb' is left out: ")
    assert reason in fault


def test_a_name_that_is_no_utf_8_is_left_out(folder):
    titled(folder / "a.ipynb", "A")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.csv")).touch()
    found = material(folder)
    assert set(found.pieces) == {"START.ipynb", "a.ipynb"}
    assert "its name is no UTF-8" in found.faults[0]


def test_a_link_within_the_course_is_a_file(folder):
    titled(folder / "..data/a.ipynb", "A")  # as Kubernetes mounts a ConfigMap
    (folder / "a.ipynb").symlink_to("..data/a.ipynb")
    assert files(material(folder)) == ["a.ipynb"]


BROKEN = ["", "no JSON", "[]", '{"cells": [{}]}', '{"worksheets": []}', "\xff", "[" * 100_000]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_notebook_is_brought_as_it_is_and_told(folder, text):
    titled(folder / "a.ipynb", "A")
    (folder / "b.ipynb").write_text(text, encoding="latin-1")
    found = material(folder)
    assert files(found) == ["a.ipynb"]
    assert found.pieces["b.ipynb"].read() == text.encode("latin-1")
    assert "'b.ipynb' is no lesson, and is brought as it is: " in found.faults[0]


def with_odd_values(value):
    """Yield a notebook, or a part of one, with each of its values replaced by an odd one."""
    yield from (None, 1.5, True, "", "exercise", [], [None], [[]], {}, {"a": None}, ["exercise", 1])
    items = ()
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for place, part in items:
        for odd in with_odd_values(part):
            changed = value.copy()
            changed[place] = odd
            yield changed


def test_no_value_in_a_notebook_keeps_the_others_from_their_places(folder):
    titled(folder / "a.ipynb", "A")
    cells = [EXERCISE, EXERCISE | {"metadata": {"tags": ["solution"]}, "source": ["1"]}]
    told = set()
    for odd in with_odd_values({"cells": cells, "metadata": {}, "nbformat": 4}):
        (folder / "b.ipynb").write_text(json.dumps(odd))
        found = material(folder)
        assert files(found)[0] == "a.ipynb"
        assert found.pieces["b.ipynb"].read()
        told.update(found.faults)
    begin = "'b.ipynb' is no lesson, and is brought as it is: it cannot be read as a notebook ("
    assert all(fault.startswith(begin) for fault in told)
    assert any("cells[1].metadata.tags is None: " in fault for fault in told)


def test_a_text_without_code_is_a_notebook_where_it_says_so(folder):
    for name, says in (("a.md", "format_name: myst"), ("b.md", "title: myst")):
        (folder / name).write_text(
            f"---\njupytext:\n  text_representation:\n    {says}\n---\n# A\n"
        )
    found = material(folder)
    assert (files(found), set(found.pieces)) == (["a.ipynb"], {"START.ipynb", "a.ipynb", "b.md"})


def test_a_broken_text_is_brought_as_a_text(folder):
    (folder / "b.md").write_text("```{code-cell}\n---\n[: no YAML\n---\n```\n")
    found = material(folder)
    assert "b.md" in found.pieces
    assert "'b.md' is no lesson" in found.faults[0]


def test_a_text_beside_its_notebook_is_left_out(folder):
    titled(folder / "a.ipynb", "A")
    (folder / "a.md").write_text(MYST)
    assert set(material(folder).pieces) == {"START.ipynb", "a.ipynb"}


@pytest.mark.parametrize("start", ["START.ipynb", "START.md"])
def test_a_start_page_of_its_own_stays_and_is_no_lesson(folder, start):
    titled(folder / "a.ipynb", "A")
    if start.endswith("md"):
        (folder / start).write_text(MYST.replace("Title", "Mine"))
    else:
        titled(folder / start, "Mine")
    found = material(folder)
    assert files(found) == ["a.ipynb"]
    assert start_of(found).startswith("# Mine")


def test_names_like_that_of_the_start_page(folder):
    (folder / "START.md").write_text("A plain text.")
    titled(folder / "start.ipynb", "Small letters")
    notebook(folder / "START.ipynb/x.ipynb")
    titled(folder / "part/START.ipynb", "Of a part")
    found = material(folder)
    assert set(files(found)) == {"start.ipynb", "part/START.ipynb"}
    assert start_of(found).startswith("# The course")
    assert found.pieces["START.md"].source
    assert found.faults == [
        "'START.ipynb/x.ipynb' is left out: START.ipynb has to be a notebook, no folder."
    ]


def test_the_settings_of_a_course(folder):
    for name in ("a", "b", "welcome"):
        titled(folder / f"{name}.ipynb", name)
    (folder / "c.md").write_text(MYST)
    (folder / "course.toml").write_text(
        'title = " My\\n<course> "\nfirst_page = "welcome.ipynb"\nlessons = ["./c.md", "b.ipynb"]'
    )
    found = material(folder)
    assert found.faults == []
    assert found.first_page == "welcome.ipynb"
    assert files(found) == ["c.ipynb", "b.ipynb"]
    assert "course.toml" not in found.pieces
    assert start_of(found).startswith("# My &#60;course&#62;\n")
    (folder / "course.toml").write_text('first_page = "c.md"')
    assert (material(folder).first_page, files(material(folder))) == (
        "c.ipynb",
        ["a.ipynb", "b.ipynb", "welcome.ipynb"],
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title =", "course.toml cannot be read ("),
        ('titel = "x"', "course.toml has no setting 'titel'; choose among checks, first_page"),
        ("title = 3", "course.toml has title = 3: write a text in quotes"),
        ('title = " "', "course.toml has title = ' ': write a text in quotes"),
        ('logo = "no.svg"', "course.toml has logo = 'no.svg': that is not in the course"),
        ('logo = "../x.svg"', "course.toml has logo = '../x.svg': that lies outside"),
        ('checks = "/etc/passwd"', "that lies outside"),
        ('quizzes = "."', "course.toml has quizzes = '.': that is the whole course; name a file"),
        ('lessons = "a.ipynb"', "write a list of files"),
        ('lessons = ["x.ipynb", "a.ipynb"]', "lists the lesson 'x.ipynb', and the course has no"),
        ('first_page = "no.ipynb"', "first_page = 'no.ipynb', and the course has no such file."),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_and_the_course_goes_on(folder, text, fault):
    titled(folder / "a.ipynb", "A")
    (folder / "course.toml").write_text(text)
    found = material(folder)
    assert fault in " ".join(found.faults)
    assert len(found.faults) == 1
    assert files(found) == ["a.ipynb"]
    assert found.first_page == "START.ipynb"


ODD = ["", ".", "./", "/", "..", "~", "\0", "a\0b", "x" * 300, "x/" * 3000, "loop", "loop/x"]
TEXTS = [json.dumps(odd) for odd in [*ODD, *([odd] for odd in ODD)]]


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_no_value_of_a_setting_keeps_the_course_from_its_place(folder, name):
    titled(folder / "a.ipynb", "A")
    (folder / "loop").symlink_to("loop")
    for value in (*TEXTS, "1", "nan", "2026-11-30", "true", "[]", "[[1]]", "{}"):
        (folder / "course.toml").write_text(f"{name} = {value}")
        found = material(folder)
        assert "a.ipynb" in found.pieces
        assert all(fault[-1] in ".?" for fault in found.faults)


@pytest.mark.parametrize("named", ["checks.py", "data/../checks.py", "{}/checks.py", "link.py"])
def test_a_file_with_answers_stays_however_it_is_named(folder, named):
    shutil.copytree(PICTURES, folder, dirs_exist_ok=True)
    (folder / "link.py").symlink_to("checks.py")
    (folder / "course.toml").write_text(f'checks = "{named.format(folder)}"')
    assert not {"checks.py", "link.py"} & material(folder).pieces.keys()


def test_a_lesson_among_quizzes_is_told(folder):
    shutil.copytree(PICTURES, folder, dirs_exist_ok=True)
    (folder / "course.toml").write_text('quizzes = "filters"')
    found = material(folder)
    assert files(found) == ["1-pictures.ipynb"]
    for fault, name in zip(found.faults, ("10-edges.md", "2-blur.ipynb"), strict=True):
        assert fault.startswith(f"'filters/{name}' is left out: course.toml names it, or its ")


def test_a_check_called_twice_is_one_exercise(folder):
    notebook(folder / "a.ipynb", EXERCISE, EXERCISE)
    assert material(folder).lessons[0].exercises.keys() == {"mean"}


def test_what_is_kept_of_a_lesson_is_none(folder):
    shutil.copytree(PICTURES, folder, dirs_exist_ok=True)
    titled(folder / "filters/mine-2-blur-2026-11-29.ipynb", "Blur")
    assert len(material(folder).lessons) == 3
