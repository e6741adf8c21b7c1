import pytest

from swimlanes.checks.answers import Wanted, classify
from swimlanes.checks.verdict import Unanswered

WANTED = {
    "a word": Wanted("threads", "who waits?"),
    "a number": Wanted(9.0, "nine times."),
    "a truth": Wanted(False, "one GIL."),
}
RIGHT = {"a word": " Threads", "a number": 9, "a truth": False}


def test_right_in_each_kind():
    verdict = classify(RIGHT, WANTED, "Well done.")
    assert verdict.ok
    assert verdict.message == "Well done."


@pytest.mark.parametrize(
    ("item", "answer", "hint"),
    [
        ("a word", "processes", "who waits?"),
        ("a word", None, "who waits?"),
        ("a number", 10, "nine times."),
        ("a number", "9", "nine times."),
        ("a number", float("nan"), "nine times."),
        ("a truth", True, "one GIL."),
        ("a truth", 0, "one GIL."),
        ("a truth", "False", "one GIL."),
    ],
)
def test_the_hint_belongs_to_what_is_wrong(item, answer, hint):
    verdict = classify({**RIGHT, item: answer}, WANTED, "Well done.")
    assert not verdict.ok
    assert verdict.message == f"2 of 3 are right. Think again of “{item}”: {hint}"


def test_a_gap_is_not_judged():
    with pytest.raises(Unanswered, match="Still open is “a truth”"):
        classify({**RIGHT, "a truth": ...}, WANTED, "Well done.")
