"""The course comes to the participant, and what they wrote stays theirs."""

from __future__ import annotations

import errno
import os
import threading
import tracemalloc
from itertools import count

import pytest
import seeding

from swimlanes.course import MANIFEST, START, material

MEGABYTE = 1 << 20


def seed(course, home):
    """Bring the course, and return what was put beside edited files."""
    seeded = seeding.seed(material(course).pieces.values(), home)
    assert seeded.refused == {}
    return seeded.beside


def refused(course, home):
    """Bring the course, and return what could not be brought."""
    return seeding.seed(material(course).pieces.values(), home).refused


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home" / "course"


def lesson(folder, name="00-your-cores"):
    return folder / f"{name}.ipynb"


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name not in (MANIFEST, START))


def test_everything_is_brought_into_an_empty_home(course, home):
    (course / "data").mkdir()
    (course / "data" / "inputs.csv").write_text("1,8,1.5,2")
    assert seed(course, home) == []
    assert lesson(home).read_bytes() == lesson(course).read_bytes()
    assert (home / "data" / "inputs.csv").read_text() == "1,8,1.5,2"


def test_hidden_files_are_no_course_material(course, home):
    (course / ".ipynb_checkpoints").mkdir()
    (course / ".ipynb_checkpoints" / "old.ipynb").write_text("{}")
    seed(course, home)
    assert names(home) == ["00-your-cores.ipynb", "06-speedup.ipynb"]


def test_an_untouched_file_follows_the_course(course, home):
    seed(course, home)
    lesson(course).write_text("version 2")
    assert seed(course, home) == []
    assert lesson(home).read_text() == "version 2"


def test_an_edited_file_stays(course, home):
    seed(course, home)
    lesson(home).write_text("mine")
    assert seed(course, home) == []
    assert lesson(home).read_text() == "mine"
    assert names(home) == ["00-your-cores.ipynb", "06-speedup.ipynb"]


def test_the_new_version_of_an_edited_file_comes_beside_it_once(course, home):
    seed(course, home)
    lesson(home).write_text("mine")
    lesson(course).write_text("version 2")
    beside = seed(course, home)
    assert [str(path) for path in beside] == ["00-your-cores-new.ipynb"]
    assert lesson(home).read_text() == "mine"
    assert lesson(home, "00-your-cores-new").read_text() == "version 2"

    lesson(home, "00-your-cores-new").unlink()
    assert seed(course, home) == []
    assert not lesson(home, "00-your-cores-new").exists()


def test_the_start_page_always_follows_the_course(course, home):
    (course / "START.ipynb").write_text("version 1")
    seed(course, home)
    (home / "START.ipynb").write_text("looked at")
    (course / "START.ipynb").write_text("version 2")
    assert seed(course, home) == []
    assert (home / "START.ipynb").read_text() == "version 2"


def test_a_file_beside_is_never_overwritten(course, home):
    seed(course, home)
    lesson(home).write_text("mine")
    for version in ("version 2", "version 3"):
        lesson(course).write_text(version)
        seed(course, home)
    assert lesson(home, "00-your-cores-new").read_text() == "version 2"
    assert lesson(home, "00-your-cores-new-2").read_text() == "version 3"


def test_a_large_file_is_brought_and_never_held(course, home):
    with (course / "data.bin").open("wb") as file:
        file.truncate(200 * MEGABYTE)
    tracemalloc.start()
    try:
        seed(course, home)
        seed(course, home)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (home / "data.bin").stat().st_size == 200 * MEGABYTE
    assert peak < 10 * MEGABYTE


def test_a_deleted_file_comes_back(course, home):
    seed(course, home)
    lesson(home).unlink()
    seed(course, home)
    assert lesson(home).read_bytes() == lesson(course).read_bytes()


def test_what_the_course_gives_up_stays_with_the_participant(course, home):
    seed(course, home)
    lesson(course).unlink()
    seed(course, home)
    assert lesson(home).exists()


@pytest.mark.parametrize("spoilt", ["", "no JSON", "[1, 2]", "[" * 100_000, None])
def test_without_a_manifest_every_difference_counts_as_an_edit(course, home, spoilt):
    seed(course, home)
    lesson(home).write_text("mine")
    if spoilt is None:
        (home / MANIFEST).unlink()
    else:
        (home / MANIFEST).write_text(spoilt)
    assert [str(path) for path in seed(course, home)] == ["00-your-cores-new.ipynb"]
    assert lesson(home).read_text() == "mine"


def test_a_manifest_larger_than_any_of_ours_is_none(course, home, monkeypatch):
    seed(course, home)
    lesson(course).write_text("version 2")
    monkeypatch.setattr(seeding, "_MOST_BYTES", 9)
    assert [str(path) for path in seed(course, home)] == ["00-your-cores-new.ipynb"]


def test_a_folder_in_the_place_of_a_file_is_an_error_and_stays(course, home):
    lesson(home).mkdir(parents=True)
    assert list(refused(course, home)) == ["00-your-cores.ipynb"]
    assert lesson(home).is_dir()
    assert lesson(home, "06-speedup").is_file()


def pipe(path):
    os.mkfifo(path)


def endless(path):
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [pipe, endless])
@pytest.mark.parametrize("name", ["00-your-cores.ipynb", START, MANIFEST, ".06-speedup.ipynb.part"])
def test_what_has_no_end_is_not_read(course, home, make, name):
    (course / START).write_text("{}")
    home.mkdir(parents=True)
    make(home / name)
    came = []
    trying = threading.Thread(target=lambda: came.append(refused(course, home)), daemon=True)
    trying.start()
    trying.join(30)
    assert [list(one) for one in came] == [[name] if (course / name).exists() else []]
    assert lesson(home, "06-speedup").is_file()


def replace_until(fails_at):
    """Return an `os.replace` with room for a few files; each file comes to its place by it."""
    calls, replace = count(1), os.replace

    def room_for_a_few(source, target):
        if next(calls) == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    return room_for_a_few


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4, 5])
def test_a_seeding_that_fails_midway_goes_on_the_next_time(course, home, monkeypatch, fails_at):
    seed(course, home)
    first = lesson(course).read_text()
    lesson(home).write_text("mine")
    for name in ("00-your-cores", "06-speedup"):
        lesson(course, name).write_text(f"version 2 of {name}")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "replace", replace_until(fails_at))
        (error,) = refused(course, home).values()
        assert error.errno == errno.ENOSPC
    # Files and manifest are written in turns, and each may be the one that fails.
    for name in ("00-your-cores", "06-speedup"):
        assert lesson(home, name).read_text() in ("mine", first, f"version 2 of {name}")
    seed(course, home)
    assert names(home) == ["00-your-cores-new.ipynb", "00-your-cores.ipynb", "06-speedup.ipynb"]
    assert lesson(home).read_text() == "mine"
    lesson(course, "06-speedup").write_text("version 3")
    assert seed(course, home) == []
    assert lesson(home, "06-speedup").read_text() == "version 3"
