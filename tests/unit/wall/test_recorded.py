import pytest

from swimlanes.errors import SwimlanesError
from swimlanes.wall import recorded
from swimlanes.wall.room import Entry
from swimlanes.wall.shared import SharedGuess


@pytest.fixture
def entries(study_of):
    return [
        (1, Entry(SharedGuess("threads", 4, 3.5), 0.5)),
        (2, Entry(study_of(), 1.0, hidden=True, note='=1+1, "so" they say')),
        (1, Entry(study_of("threads", task_ms=None, lengths="1,8", fair=False), 2.0)),
        (1, Entry(study_of("threads", task_ms=None, lengths="1,8", fair=False), 3.0)),
    ]


@pytest.fixture
def file(tmp_path, entries):
    file = tmp_path / "class.csv"
    file.write_bytes(recorded.write(entries))
    return file


def test_a_class_that_was_saved_is_read_again(file, entries):
    assert recorded.read(str(file)) == entries


def test_no_cell_is_a_formula(file):
    assert "\"'=1+1, " in file.read_text()


HEAD = "record,person,at_s,hidden,note,kind"
DAMAGE = {
    "nothing": lambda text: "",
    "another table": lambda text: "a,b\n1,2\n",
    "a head alone": lambda text: text.splitlines()[0],
    "a line cut off": lambda text: text[: text.rindex("threads")],
    "a word as a number": lambda text: text.replace("1.0,", "one,"),
    "nobody's number": lambda text: text.replace("\n2,2,", "\n2,0,"),
    "a number of too many": lambda text: text.replace("\n2,2,", "\n2,101,"),
    "another mode": lambda text: text.replace("threads", "magic"),
    "no text": lambda text: "\0" + text,
    "a quote without end": lambda text: text + '"',
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_file_that_is_no_class_is_told(file, how):
    file.write_text(DAMAGE[how](file.read_text()))
    with pytest.raises(SwimlanesError) as refusal:
        recorded.read(str(file))
    assert "class.csv" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(SwimlanesError, match="cannot be read"):
        recorded.read("no-such.csv")
