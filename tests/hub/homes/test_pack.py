"""What a home's reader does when files change under it, and where it stops."""

from __future__ import annotations

import io
import itertools
import os
import tarfile
import time

import pytest

from classroom.homes import pack
from classroom.homes.archive import Source
from classroom.homes.pack import WHOLE, Reader, Wanted

EVERYTHING = {
    "prefix": "work/ada", "seconds": 60, "home_bytes": 1 << 40, "file_bytes": 1 << 40,
    "files": 1000, "notebooks_alone": False,
}  # fmt: skip


class Interfering(io.BytesIO):
    """What is written to; something happens when the first part of a file's data arrives."""

    def __init__(self, deed):
        super().__init__()
        self._deed = deed

    def write(self, piece):
        if len(piece) > 100_000 and self._deed:
            self._deed()
            self._deed = None
        return super().write(piece)


def read(home, deed=None, **wanted):
    """Return the files that were written, by name, and the account."""
    out = Interfering(deed)
    reader = Reader(Wanted(**EVERYTHING | wanted), out)
    reader.read(os.open(home, os.O_RDONLY))
    source = Source(iter([out.getvalue(), b""]))
    found = {}
    for member in source.members():
        found[member.name.removeprefix("work/ada/")] = b"".join(source.data(member.stored))
    assert reader.account.members == len(found)
    return found, reader.account


LARGE = os.urandom(WHOLE + 3 * (1 << 20))


@pytest.fixture
def home(tmp_path):
    (tmp_path / "large.log").write_bytes(LARGE)
    (tmp_path / "notes.txt").write_text("mine")
    return tmp_path


def truncate(home):
    os.truncate(home / "large.log", 1 << 20)


def remove(home):
    (home / "large.log").unlink()


def replace(home):
    (home / "new").write_bytes(b"new")
    os.replace(home / "new", home / "large.log")


def grow(home):
    with open(home / "large.log", "ab") as log:
        log.write(b"more")


@pytest.mark.parametrize("deed", [remove, replace, grow])
def test_a_file_that_changes_while_it_is_read_is_as_it_was(home, deed):
    found, account = read(home, lambda: deed(home))
    assert found["large.log"] == LARGE
    assert found["notes.txt"] == b"mine"
    assert (account.missed, account.remarks) == (0, [])


def test_a_file_that_is_truncated_while_it_is_read_keeps_what_was_read_and_is_told(home):
    found, account = read(home, lambda: truncate(home))
    assert found["large.log"] == LARGE[: 1 << 20] + bytes(len(LARGE) - (1 << 20))
    assert found["notes.txt"] == b"mine", "what comes after it is read as well"
    assert account.missed == 0
    assert account.remarks == [("large.log", "became shorter while it was read, and ends in zeros")]


def test_a_small_file_is_exactly_what_was_there(home, monkeypatch):
    """Its size is known only afterwards: it shrinks between being looked at and being read."""
    looked = os.fstat

    def shrinks(descriptor):
        status = looked(descriptor)
        if status.st_size == 4:
            os.truncate(home / "notes.txt", 2)
        return status

    monkeypatch.setattr(os, "fstat", shrinks)
    found, account = read(home)
    assert found["notes.txt"] == b"mi"
    assert (account.missed, account.remarks) == (0, [])


def test_a_file_that_is_removed_before_its_turn_is_no_loss(home):
    found, account = read(home, (home / "notes.txt").unlink)
    assert "notes.txt" not in found
    assert account.missed == 0


KINDS = {
    "file": lambda path: path.write_text("mine"),
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "pipe": os.mkfifo,
    "folder": os.mkdir,
}


@pytest.mark.attack(
    "swap files for links, pipes and folders while they are read",
    "taken as what they have become, never followed",
)
@pytest.mark.parametrize(("was", "becomes"), list(itertools.permutations(KINDS, 2)))
@pytest.mark.parametrize("times", [1, pack.AGAIN])
def test_a_name_that_becomes_something_else_is_taken_as_that(
    tmp_path, monkeypatch, was, becomes, times
):
    """However often that happens between looking and taking; a pipe is not opened at all."""
    looked, name, left = os.stat, tmp_path / "name", [becomes, was] * times
    KINDS[was](name)

    def swaps(path, **options):
        status = looked(path, **options)
        if path == "name" and len(left) > times:
            name.rmdir() if name.is_dir() and not name.is_symlink() else name.unlink()
            KINDS[left.pop(0)](name)
        return status

    monkeypatch.setattr(os, "stat", swaps)
    found, account = read(tmp_path)
    last = [becomes, was][(times - 1) % 2]
    opened = last == "file" and "pipe" not in (was, becomes)
    assert found["name"] == (b"mine" if opened else b"")
    assert account.missed == 0


@pytest.mark.attack(
    "one file that is larger than all that is taken of a home",
    "left out unread and told; the rest is saved",
    seen=True,
)
def test_a_file_that_passes_the_budget_is_left_out_before_it_is_read_and_the_rest_is_not(home):
    found, account = read(home, home_bytes=1 << 20)
    assert found == {"work/ada": b"", "notes.txt": b"mine"}
    assert account.missing == [("large.log", "with it there would be more than 1 MiB")]


def test_a_hole_costs_nothing(home):
    with open(home / "sparse", "wb") as sparse:
        sparse.truncate(1 << 40)
        sparse.seek(1 << 39)
        sparse.write(b"island")
    found, account = read(home, home_bytes=30 << 20)
    assert found["sparse"].rstrip(b"\0") == b"island"
    assert len(found["sparse"]) < 1 << 20
    assert account.missed == 0


def test_time_that_is_used_up_ends_the_reading_and_is_told(home, monkeypatch):
    clock = iter([0.0, 1.0, 1.0, 2.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock, 99.0))
    found, account = read(home, seconds=5)
    assert len(found["large.log"]) == len(LARGE), "the tar file stays whole"
    assert "notes.txt" not in found
    told = "it takes longer than 5 seconds"
    assert account.missing == [("large.log", f"its end is missing: {told}"), ("", told)]


def test_no_more_files_than_wanted_are_read(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}").touch()
    found, account = read(tmp_path, files=4)
    assert len(found) == 4
    assert account.missing == [("", "there are more than 4 files")]
    assert read(tmp_path, files=6)[1].missed == 0


def test_what_is_missing_is_counted_and_some_of_it_named(tmp_path):
    for number in range(50):
        (tmp_path / f"{number:02}").write_bytes(bytes(1 << 20))
    _, account = read(tmp_path, file_bytes=1000)
    assert account.missed == 50
    assert len(account.missing) == 20


@pytest.mark.parametrize(
    ("path", "is_taken"),
    [
        ("a.ipynb", True),
        ("course/a.ipynb", True),
        ("data.csv", False),
        (".hidden.ipynb", False),
        (".ipynb_checkpoints/a.ipynb", False),
        ("a.ipynb.txt", False),
    ],
)
def test_notebooks_alone(tmp_path, path, is_taken):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("{}")
    os.link(tmp_path / path, tmp_path / "hard.ipynb")
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    found, account = read(tmp_path, notebooks_alone=True)
    expected = {path, "hard.ipynb"} if is_taken else {"hard.ipynb"}
    assert found == dict.fromkeys(expected, b"{}")
    assert account.missed == 0


def test_the_tar_file_is_one_for_others_too(home):
    os.symlink(b"\xff", os.fsencode(home) + b"/bad-\xff\n")
    os.link(home / "notes.txt", home / "z-hard.txt")
    out = io.BytesIO()
    Reader(Wanted(**EVERYTHING), out).read(os.open(home, os.O_RDONLY))
    with tarfile.open(fileobj=io.BytesIO(out.getvalue())) as archive:
        members = {member.name: member for member in archive}
    assert members["work/ada/bad-\udcff\n"].linkname == "\udcff"
    assert members["work/ada/z-hard.txt"].linkname == "work/ada/notes.txt"
