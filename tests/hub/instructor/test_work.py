"""Which files of a home become part of the collected work, and under which names."""

from __future__ import annotations

import io
import tarfile
import zipfile

import pytest

from instructor import work
from instructor.work import notebooks


def home(*entries):
    """Return a home as the engine sends it: in chunks that end anywhere."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for entry in entries:
            name, contents, *kind = entry
            info = tarfile.TarInfo(name)
            info.size = len(contents)
            if kind:
                info.type, info.linkname = kind
                info.size = 0
            archive.addfile(info, io.BytesIO(contents))
    written = whole.getvalue()
    return iter([written[at : at + 700] for at in range(0, len(written), 700)])


def taken(*entries):
    left_out = []
    return dict(notebooks(home(*entries), left_out)), left_out


def test_notebooks_are_taken_with_their_folders():
    found, left_out = taken(("ada/course/a.ipynb", b"one"), ("ada/b.ipynb", b"2" * 5000))
    assert found == {"ada/course/a.ipynb": b"one", "ada/b.ipynb": b"2" * 5000}
    assert left_out == []


@pytest.mark.parametrize(
    "entry",
    [
        ("ada/data.csv", b"1,2"),
        ("ada/.ipynb_checkpoints/a-checkpoint.ipynb", b"old"),
        ("ada/.hidden.ipynb", b""),
        ("ada/../../bo/a.ipynb", b"not bo's"),
        ("ada/link.ipynb", b"", tarfile.SYMTYPE, "/etc/shadow"),
        ("ada/hard.ipynb", b"", tarfile.LNKTYPE, "ada/data.csv"),
        ("ada/pipe.ipynb", b"", tarfile.FIFOTYPE, ""),
        ("ada/folder.ipynb", b"", tarfile.DIRTYPE, ""),
    ],
)
def test_nothing_else_is_taken(entry):
    assert taken(entry, ("ada/a.ipynb", b"mine")) == ({"ada/a.ipynb": b"mine"}, [])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("/etc/a.ipynb", "etc/a.ipynb"),
        ("ada/C:\\evil\n.ipynb", "ada/C__evil_.ipynb"),
        ("ada/" + "x" * 90 + "y" * 90 + ".ipynb", "ada/" + "xxxx" + "y" * 90 + ".ipynb"),
        ("ada/Grüße.ipynb", "ada/Grüße.ipynb"),
    ],
)
def test_no_name_leads_elsewhere(name, safe):
    assert list(taken((name, b"mine"))[0]) == [safe]


def test_two_names_that_become_one_are_both_kept():
    found, _ = taken(("ada/a:.ipynb", b"1"), ("ada/a?.ipynb", b"2"), ("ada/a*.ipynb", b"3"))
    assert found == {"ada/a_.ipynb": b"1", "ada/a_-2.ipynb": b"2", "ada/a_-3.ipynb": b"3"}


def test_a_large_notebook_is_left_out_and_told(monkeypatch):
    monkeypatch.setattr(work, "FILE_LIMIT", 1000)
    found, left_out = taken(("ada/large.ipynb", b"x" * 1001), ("ada/a.ipynb", b"mine"))
    assert found == {"ada/a.ipynb": b"mine"}
    assert left_out == ["ada/large.ipynb: too large (1,001 bytes)."]


def test_many_notebooks_are_left_out_once_they_are_too_large_together(monkeypatch):
    monkeypatch.setattr(work, "PERSON_LIMIT", 100)
    found, left_out = taken(*((f"ada/{number}.ipynb", b"x" * 60) for number in range(3)))
    assert list(found) == ["ada/0.ipynb"]
    assert len(left_out) == 2


def test_a_home_without_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(work, "HOME_LIMIT", 20_000)
    found, left_out = taken(
        ("ada/a.ipynb", b"mine"), ("ada/data", b"x" * 50_000), ("ada/b.ipynb", b"mine")
    )
    assert list(found) == ["ada/a.ipynb"]
    assert left_out == ["ada/b.ipynb: the home is too large, the rest was not read."]


def test_the_outbox_makes_a_zip_that_can_be_sent_while_it_is_made():
    outbox = work._Outbox()
    pieces = []
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"{number}.ipynb", b"x" * 1000)
            pieces.append(outbox.take())
    pieces.append(outbox.take())
    assert all(pieces)
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as unpacked:
        assert unpacked.testzip() is None
        assert len(unpacked.namelist()) == 3
