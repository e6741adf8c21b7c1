"""Which backups may be restored: checked to the last byte, before anything is touched."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile

import pytest

from classroom import backup
from classroom.errors import ClassroomError
from classroom.homes import archive
from classroom.homes.guard import Seal
from classroom.homes.pack import END, Member

NONE = "This file is no backup that `make backup` wrote."


def text(name, value):
    said = json.dumps(value).encode()
    return [(Member(name, tarfile.REGTYPE, 0o600, 0, len(said)), said)]


def begin(*names, schema=2):
    return text("classroom.json", {"schema": schema, "participants": names or ["ada"]})


def entry(name, data=b"", kind=tarfile.REGTYPE, **more):
    return Member(f"work/{name}", kind, 0o644, 0, len(data), **more), data


def folder(name="ada"):
    return entry(name, kind=tarfile.DIRTYPE)


def end(*members, name="ada", **changed):
    seal = Seal()
    for member, data in members:
        for _ in seal.over(member, iter([data])):
            pass
    account = {"members": seal.members, "missed": 0, "missing": [], "remarks": []}
    return text(f"ends/{name}.json", account | {"sha256": seal.digest} | changed)


def packed(*members, end=END):
    out = io.BytesIO()
    for member, data in members:
        archive.write(out, member, iter([data]))
    return gzip.compress(out.getvalue() + end)


def whole(*members):
    """Return a backup of ada's home that holds these."""
    members = (folder(), *members)
    return packed(*begin(), *members, *end(*members))


def verify(content):
    return backup.verify(io.BytesIO(content))


NOTES = entry("ada/notes.txt", b"mine")
GOOD = whole(NOTES, entry("ada/random", os.urandom(300_000)))


def test_a_whole_backup_is_good():
    assert verify(GOOD)["ada"].members == 3


@pytest.mark.parametrize("length", range(0, len(GOOD), 9973))
def test_a_backup_that_ends_early_is_refused_wherever_it_ends(length):
    with pytest.raises(
        ClassroomError, match=r"is no backup|because it (ends too early|is damaged)"
    ):
        verify(GOOD[:length])


@pytest.mark.parametrize("place", range(12, len(GOOD), 9973))
def test_a_backup_with_a_spoilt_byte_is_refused_wherever_it_is(place):
    spoilt = bytearray(GOOD)
    spoilt[place] ^= 0x10
    with pytest.raises(ClassroomError, match=r"is no backup|cannot be restored"):
        verify(bytes(spoilt))


@pytest.mark.parametrize("end", [b"", bytes(512), b"x" * 1024], ids=["none", "half", "noise"])
def test_a_tar_file_without_its_end_is_refused(end):
    members = (folder(), NOTES)
    for schema, ends in ((1, []), (2, [])):
        content = packed(*begin(schema=schema), *members, *ends, end=end)
        if (schema, end) != (1, bytes(512)):
            with pytest.raises(ClassroomError, match="because it"):
                verify(content)


HOSTILE = {
    "no folder": [entry("ada/x/y", b"")],
    "the participant above": [entry("ada/../bo/x", b"")],
    "absolute": [(Member("/etc/passwd", tarfile.REGTYPE, 0o644, 0, 1), b"x")],
    "no participant": [folder("bo"), entry("bo/x", b"")],
    "no home": [(Member("elsewhere", tarfile.REGTYPE, 0o644, 0, 0), b"")],
    "a dot": [entry("ada/./x", b"")],
    "empty parts": [entry("ada//x", b"")],
    "NUL": [entry("ada/é\0b", b"")],
    "through a link": [
        entry("ada/out", kind=tarfile.SYMTYPE, link="/etc"),
        entry("ada/out/passwd", b"x"),
    ],
    "a folder that becomes a link": [
        entry("ada/out", kind=tarfile.DIRTYPE),
        entry("ada/out", kind=tarfile.SYMTYPE, link="/etc"),
        entry("ada/out/passwd", b"x"),
    ],
    "a hard link out": [entry("ada/x", kind=tarfile.LNKTYPE, link="work/bo/notes.txt")],
    "a hard link above": [entry("ada/x", kind=tarfile.LNKTYPE, link="work/ada/../../etc/shadow")],
    "a device": [entry("ada/x", kind=tarfile.BLKTYPE)],
    "an island outside": [entry("ada/x", b"", segments=((5, 0),))],
}


@pytest.mark.parametrize("schema", [1, 2])
@pytest.mark.parametrize("what", HOSTILE)
def test_what_leads_out_of_a_home_is_refused(what, schema):
    members = (folder(), *HOSTILE[what])
    ends = end(*members) if schema == 2 else []
    with pytest.raises(ClassroomError, match="cannot be restored, because"):
        verify(packed(*begin(schema=schema), *members, *ends))


def test_a_bomb_is_refused_by_what_it_would_fill(monkeypatch):
    monkeypatch.setattr(backup, "HOME_BYTES", 10 << 20)
    with pytest.raises(ClassroomError, match="work/ada is larger than 10 MiB"):
        verify(whole(entry("ada/zeros", bytes(11 << 20))))


def test_a_name_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "LONGEST_HEADER", 1 << 20)
    long = whole(entry("ada/" + "x" * (1 << 20), b""))
    with pytest.raises(ClassroomError, match="it holds a name without end"):
        verify(long)


@pytest.mark.parametrize(
    "content",
    [
        packed(*begin("../../etc")),
        packed(*begin("ada", "ada")),
        packed(*begin("")),
        packed(*begin(schema=3)),
        packed(*text("classroom.json", ["ada"])),
        packed(*text("classroom.json", {"participants": 5})),
        packed(NOTES),
        b"",
        b"no archive",
        gzip.compress(b"x" * 5000),
        gzip.compress(bytes(5000)),
    ],
    ids=lambda content: f"{len(content)} bytes",
)
def test_what_is_no_backup_is_refused(content):
    with pytest.raises(ClassroomError) as refused:
        verify(content)
    assert str(refused.value) == NONE


@pytest.mark.parametrize(
    "changed",
    [{"members": 7}, {"sha256": "0"}, {"missing": 5}, {"missed": None}, {"remarks": [[1]]}],
)
def test_an_end_that_tells_something_else_is_refused(changed):
    members = (folder(), NOTES)
    with pytest.raises(ClassroomError, match="because it is damaged"):
        verify(packed(*begin(), *members, *end(*members, **changed)))


def test_a_home_without_its_end_or_in_another_place_is_refused():
    members = (folder(), NOTES)
    for content in (
        packed(*begin(), *members),
        packed(*begin("ada", "bo"), *members, *end(*members)),
        packed(*begin("bo", "ada"), *members, *end(*members)),
        packed(*begin(), *members, *end(*members), NOTES),
        GOOD + gzip.compress(bytes(2 << 20)),
    ):
        with pytest.raises(ClassroomError, match="cannot be restored, because"):
            verify(content)
