import errno
import os
from datetime import date
from pathlib import Path

import pytest

from swimlanes.course import NoOriginals, changed, material, originals, reset
from swimlanes.keep import files

FILE = "00-your-cores.ipynb"
KEPT = f"mine-00-your-cores-{date.today()}"


def names(folder):
    return sorted(
        path.name for path in folder.iterdir() if path.name.startswith((".", "00", "mine"))
    )


@pytest.mark.parametrize("edited", ["mine", ""])
def test_an_edited_lesson_is_kept_beside_the_original(home, edited):
    before = (home / FILE).read_text()
    (home / FILE).write_text(edited)
    assert reset(home, FILE) == home / f"{KEPT}.ipynb"
    assert (home / FILE).read_text() == before
    assert (home / f"{KEPT}.ipynb").read_text() == edited
    assert names(home) == [FILE, f"{KEPT}.ipynb"]


def test_what_was_kept_is_never_overwritten(home):
    for edited in ("one", "two", "three"):
        (home / FILE).write_text(edited)
        reset(home, FILE)
    assert (home / f"{KEPT}.ipynb").read_text() == "one"
    assert (home / f"{KEPT}-2.ipynb").read_text() == "two"
    assert (home / f"{KEPT}-3.ipynb").read_text() == "three"


def test_what_was_kept_is_no_lesson(home):
    before = material(home).lessons
    (home / FILE).write_bytes((home / FILE).read_bytes() + b" ")
    reset(home, FILE)
    assert material(home).lessons == before


def test_whether_a_copy_will_be_kept_is_known_before(home):
    assert not changed(home, FILE)
    (home / FILE).write_text("mine")
    assert changed(home, FILE)
    (home / FILE).unlink()
    assert not changed(home, FILE)
    (home / FILE).symlink_to("/etc/passwd")
    assert changed(home, FILE)


def test_an_untouched_lesson_needs_no_copy(home):
    assert reset(home, FILE) is None
    assert names(home) == [FILE]


def test_a_deleted_lesson_comes_back(home, originals):
    (home / FILE).unlink()
    assert reset(home, FILE) is None
    assert (home / FILE).read_text() == (originals / FILE).read_text()


@pytest.mark.parametrize("where", ["", "/nowhere/at/all"])
def test_without_originals_there_is_one_sentence(home, monkeypatch, where):
    monkeypatch.setenv("SWIMLANES_COURSE", where)
    assert originals() is None
    with pytest.raises(NoOriginals, match=r"There is no original of 00-your-cores\.ipynb here"):
        reset(home, FILE)


@pytest.mark.parametrize("name", ["11-none.ipynb", "../course/00-your-cores.ipynb", "..", ""])
def test_a_lesson_that_the_course_does_not_have(home, name):
    with pytest.raises(NoOriginals, match=f"no original of {name}"):
        reset(home, name)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/etc/passwd")])
def test_what_is_no_file_of_its_own_is_moved_unread(home, originals, make):
    (home / FILE).unlink()
    make(home / FILE)
    kept = reset(home, FILE)
    assert (home / FILE).read_bytes() == (originals / FILE).read_bytes()
    assert kept.is_fifo() or kept.readlink() == Path("/etc/passwd")


def test_where_nothing_may_be_made_all_stays_as_it_was(home, monkeypatch):
    def refuse(path, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    (home / FILE).write_text("mine")
    monkeypatch.setattr(Path, "touch", refuse)  # root may write everywhere
    with pytest.raises(NoOriginals, match=r"Permission denied.*as it was"):
        reset(home, FILE)
    assert (home / FILE).read_text() == "mine"


def test_what_cannot_be_put_back_stays_as_it_was(home):
    (home / FILE).unlink()
    (home / FILE).mkdir()
    with pytest.raises(NoOriginals, match="could not be put back"):
        reset(home, FILE)
    assert (home / FILE).is_dir()
    assert names(home) == [FILE]


def test_a_copy_that_fails_leaves_nothing_behind(home, monkeypatch):
    def full(path, content):
        if path.name == FILE:
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_bytes(content)

    (home / FILE).write_text("mine")
    monkeypatch.setattr(files, "replace", full)
    with pytest.raises(NoOriginals, match="it is as it was"):
        reset(home, FILE)
    assert (home / FILE).read_text() == "mine"
    assert f"{KEPT}.ipynb" not in names(home)
