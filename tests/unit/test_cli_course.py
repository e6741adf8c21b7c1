"""The small course that somebody's own course begins with."""

import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from swimlanes import checks, quizzes
from swimlanes.cli.commands import course_template
from swimlanes.cli.course import UNPACK
from swimlanes.course import material, own_exercise

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(tmp_path):
    """Return a function that runs the command in a folder of its own."""

    def run(folder):
        code = "import sys; sys.argv[0] = 'swimlanes'; from swimlanes.cli import main; main()"
        words = [sys.executable, "-c", code, "course-template", folder]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=60)

    return run


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_is_a_course_with_a_lesson_a_check_and_a_quiz(command, tmp_path, monkeypatch):
    assert command("mine").returncode == 0
    (lesson,) = material(tmp_path / "mine").lessons
    assert material(tmp_path / "mine").faults == []
    assert (lesson.file, (*lesson.exercises,)) == ("01-first-lesson.ipynb", ("celsius",))
    assert set(material(tmp_path / "mine").pieces) == {"START.ipynb", lesson.file}

    (tmp_path / "START.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWIMLANES_COURSE", str(tmp_path / "mine"))
    monkeypatch.setenv("JPY_SESSION_NAME", lesson.file)
    cell = {"checks": checks, "__name__": "__main__"}
    for source, verdict in zip(own_exercise("celsius"), ("open", "right"), strict=True):
        exec(source, cell)
        assert checks.celsius(cell["celsius"]).kind == verdict
    assert "freeze" in repr(quizzes.ask("questions/freezing"))


def test_what_is_there_already_stays(command, tmp_path):
    (tmp_path / "mine").mkdir()
    done = command("mine")
    assert (done.returncode, content(tmp_path / "mine")) == (2, {})
    assert done.stderr == b"There is something at 'mine' already; choose another name.\n"
    assert b"cannot be made (No such file or directory)" in command("no/such").stderr


def test_as_an_archive_and_by_make_it_is_the_same(command, tmp_path):
    assert command("mine").returncode == 0
    with tarfile.open(fileobj=io.BytesIO(command("-").stdout)) as archive:
        archive.extractall(tmp_path, filter="data")
    made = ["make", "--silent", "course-template", f"COURSE={tmp_path / 'by make'}"]
    subprocess.run(made, cwd=ROOT, check=True, capture_output=True)
    assert content(tmp_path / "mine") == content(tmp_path / "my-course")
    assert content(tmp_path / "mine") == content(tmp_path / "by make")


def test_what_is_there_already_stays_when_an_archive_is_unpacked(command, tmp_path):
    page = (ROOT / "course/your-own.md").read_text()
    assert re.findall(r"course-template - \| (.*)", page) == [UNPACK]
    assert f"course-template - | {UNPACK}" in " ".join(course_template.help.split())
    mine = tmp_path / "my-course/course.toml"
    mine.parent.mkdir()
    mine.write_text("mine")
    archive = command("-").stdout
    unpacked = subprocess.run(UNPACK.split(), input=archive, cwd=tmp_path, capture_output=True)
    assert mine.read_text() == "mine", unpacked.stderr
    assert len(content(mine.parent)) > 1, "what was not there comes"
