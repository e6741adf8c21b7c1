"""The course of a class: the one of the image, or a folder of the instructor's."""

from __future__ import annotations

import shutil
import uuid

import pytest

from classroom import course
from classroom.engine import Engine
from classroom.errors import ClassroomError


@pytest.fixture
def an_engine(engine):
    """Return the engine of a class that has nothing but the volume with its course."""
    of_class = Engine(f"swimlanes-test-{uuid.uuid4().hex[:8]}", internet=False)
    yield of_class
    of_class.client.close()
    engine("volume", "rm", "--force", of_class.course_volume, check=False)


@pytest.fixture
def shown(an_engine, engine, image):
    """Return a function that starts a participant's container, and lists what it has."""

    def run(command):
        volume = f"{an_engine.course_volume}:/opt/course:ro"
        return engine("run", "--rm", "--volume", volume, image, "sh", "-c", command).stdout.split()

    return run


def test_a_folder_of_the_instructors_takes_the_place_of_the_images_course(
    an_engine, image, shown, repository, tmp_path
):
    folder = shutil.copytree(repository / "tests/data/pictures", tmp_path / "my course")
    (folder / ".git").mkdir()
    (folder / "roster.json").symlink_to("../roster.json")
    (folder / "data.bin").write_bytes(bytes(3_000_000))
    for path in (folder, folder / "1-pictures.ipynb"):
        path.chmod(0o700)
    course.refresh(an_engine, image)
    assert "00-your-cores.ipynb" in shown("ls /opt/course")
    course.refresh(an_engine, image, folder)
    assert shown("ls -A /opt/course; ls course; stat -c %s course/data.bin") == [
        *("1-pictures.ipynb", "README.md", "checks.py", "course.toml", "data", "data.bin"),
        *("filters", "logo.svg", "questions.toml", "roster.json"),
        *("1-pictures.ipynb", "README.md", "START.ipynb", "data", "data.bin", "filters"),
        *("logo.svg", "3000000"),
    ]
    course.refresh(an_engine, image)
    assert "filters" not in shown("ls /opt/course")


def test_a_folder_that_cannot_be_read_leaves_the_course_as_it_was(
    an_engine, image, shown, tmp_path, engine
):
    course.refresh(an_engine, image)
    with pytest.raises(ClassroomError, match="cannot be copied"):
        course.refresh(an_engine, image, tmp_path / "gone")
    assert "00-your-cores.ipynb" in shown("ls /opt/course")
    made = engine("ps", "--all", "--quiet", "--filter", f"volume={an_engine.course_volume}")
    assert made.stdout == ""


@pytest.fixture
def seats(an_engine, engine, image):
    """Start what looks like the servers of four participants; that of cy is paused."""
    seats = {name: f"{an_engine.class_name}-{name}" for name in ("ada", "bo", "cy", "di")}
    try:
        for name, container in seats.items():
            options = ["--name", container, "--hostname", name, "--cpuset-cpus=0", "--network=none"]
            labels = [f"--label={key}={value}" for key, value in an_engine.labels(name).items()]
            engine("run", "--detach", *options, *labels, "--entrypoint=sleep", image, "infinity")
        engine("pause", seats["cy"])
        yield
    finally:
        engine("rm", "--force", "--volumes", *seats.values(), check=False)


SEEDING = """
case $(hostname) in
    ada) echo edited >&2 ;;
    bo) kill -STOP $$ ;;
    di) kill -KILL $$ ;;
esac
"""


def test_a_server_that_does_not_take_the_course_keeps_it_from_nobody(an_engine, seats, monkeypatch):
    monkeypatch.setattr(course, "SEED", ["sh", "-c", SEEDING])
    monkeypatch.setattr(course, "SEEDED_WITHIN_S", 3.0)
    brought = course.bring(an_engine)
    assert brought.missed == {"bo", "cy", "di"}
    assert brought.said.pop("ada") == "edited"
    for name, why in (
        ("bo", "nothing within 3 seconds"),
        ("cy", "(Container "),
        ("di", "code 137"),
    ):
        said = brought.said[name]
        assert why in said
        assert said.startswith("WARNING: The course has not come (")
        assert said.endswith("); stop and start this server.")


def test_what_all_servers_say_is_told_once():
    fault = "WARNING[2026-11-30 10:00:0{}] The course in /opt/course: b.md is no notebook."
    edited = "WARNING[2026-11-30 10:00:09] You have edited an earlier version of a lesson."
    said = {f"p{i}": fault.format(i) for i in range(5)}
    said["p1"] += f"\n{edited}\n\x1b[2J"
    assert list(course.told(said | {"late": ""})) == [
        "late: up to date",
        "5 servers: WARNING: The course in /opt/course: b.md is no notebook.",
        "p1: WARNING: You have edited an earlier version of a lesson.",
        r"p1: \x1b[2J",
    ]
