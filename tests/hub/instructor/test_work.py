"""Under which names notebooks become part of the collected work, and how that is sent."""

from __future__ import annotations

import io
import zipfile

import pytest

from instructor import work
from instructor.names import SafeNames


def named(*paths):
    names = SafeNames("ada")
    return [names.of(path) for path in paths]


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("course/a.ipynb", "ada/course/a.ipynb"),
        ("Grüße.ipynb", "ada/Grüße.ipynb"),
        ("C:\\evil\n.ipynb", "ada/C__evil_.ipynb"),
        ("bad-\udcff.ipynb", "ada/bad-_xff.ipynb"),
        ("\u202egnp.ipynb", "ada/_gnp.ipynb"),
        ("x" * 90 + "y" * 90 + ".ipynb", "ada/xxxx" + "y" * 90 + ".ipynb"),
        ("AUX.ipynb", "ada/_AUX.ipynb"),
        ("com1 .old.ipynb", "ada/_com1 .old.ipynb"),
        ("con/lpt\u00b9.ipynb", "ada/_con/_lpt\u00b9.ipynb"),
        ("console.ipynb", "ada/console.ipynb"),
        ("dots. ./ a.ipynb", "ada/dots___/ a.ipynb"),
        ("d/" * 200 + "a.ipynb", "ada/deep/a.ipynb"),
    ],
)
def test_every_system_can_unpack_a_name(path, safe):
    assert named(path) == [safe]


@pytest.mark.parametrize(
    ("paths", "safe"),
    [
        (("a:.ipynb", "a?.ipynb", "a*.ipynb"), ["a_.ipynb", "a_-2.ipynb", "a_-3.ipynb"]),
        (("a.ipynb", "A.ipynb"), ["a.ipynb", "A-2.ipynb"]),
        (("\u00e9.ipynb", "e\u0301.ipynb"), ["\u00e9.ipynb", "e\u0301-2.ipynb"]),
        (("F/a.ipynb", "f/b.ipynb", "F/c.ipynb"), ["F/a.ipynb", "f-2/b.ipynb", "F/c.ipynb"]),
        (("A.ipynb/b.ipynb", "a.ipynb"), ["A.ipynb/b.ipynb", "a-2.ipynb"]),
        (("a.ipynb", "A.ipynb/b.ipynb"), ["a.ipynb", "A-2.ipynb/b.ipynb"]),
        (("d/" * 200 + "a.ipynb", "e/" * 200 + "a.ipynb"), ["deep/a.ipynb", "deep/a-2.ipynb"]),
    ],
)
def test_no_two_are_alike_to_any_system(paths, safe):
    assert named(*paths) == [f"ada/{name}" for name in safe]


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
