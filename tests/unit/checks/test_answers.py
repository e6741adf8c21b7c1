import multiprocessing

import pytest

from swimlanes import checks
from swimlanes.checks.answers import gaps
from swimlanes.checks.values import shown
from swimlanes.checks.verdict import Unanswered

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_pool_that_is_never_closed_leaves_nothing():
    def careless(serial_s, parallel_s):
        pool = multiprocessing.Pool(2)
        return pool.apply(float.__truediv__, (serial_s, parallel_s))

    assert checks.speedup(careless).ok


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("a", "Still open is “a”: write your answer where `...` stands."),
        ("ab", "Still open are “a” and “b”: write"),
        ("abcd", "Still open are “a”, “b”, “c” and “d”: write"),
        ("abcdef", "Still open are “a”, “b”, “c” and 3 more: write"),
    ],
)
def test_open_gaps_are_told_in_a_sentence(names, sentence):
    with pytest.raises(Unanswered) as error:
        gaps({**dict.fromkeys("abcdef", ...), "z": 1}, list(names))
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize(
    ("answer", "look"),
    [
        (..., "still `...`"),
        (10**5000, ""),  # how it looks depends on the Python
        ("x" * 1000, "'xxxxxxxx"),
        ([[1]], "[[1]]"),
    ],
    ids=["gap", "huge", "long", "nested"],
)
def test_an_answer_is_shown_shortly(answer, look):
    assert shown(answer).startswith(look)
    assert len(shown(answer)) < 100
