import numpy as np
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
        ("a number", 10, "nine times."),
        ("a number", float("nan"), "nine times."),
        ("a truth", True, "one GIL."),
    ],
)
def test_the_hint_belongs_to_what_is_wrong(item, answer, hint):
    verdict = classify({**RIGHT, item: answer}, WANTED, "Well done.")
    assert verdict.kind == "idea"
    assert verdict.message == f"2 of 3 are right. Think again about “{item}”: {hint}"


@pytest.mark.parametrize(
    ("item", "answer", "said"),
    [
        ("a word", "processes", "text, `'processes'`. Choose one of the words: `'threads'`, in"),
        ("a number", "9", "text, `'9'`, not a number. Write `9` without quotes."),
        ("a number", "12.5 s", "Write the number alone, without a unit and without quotes: `12.5`"),
        ("a number", "12,5 s", "Write a point in place of the comma, and no quotes: `12.5`"),
        ("a number", "8*8", "Write `8*8` without quotes"),
        ("a number", "1,000", "not a number. Write a number."),
        ("a number", "about 9", "not a number. Write a number."),
        ("a number", "9 of 10", "not a number. Write a number."),
        ("a number", [9], "a list, `[9]`, not a number. Use the one value that is in it."),
        ("a number", {9}, "a set, `{9}`, not a number"),
        ("a number", True, "a truth value, `True`, not a number"),
        ("a truth", 0, "a number, `0`, not a truth value. Write `True` or `False`."),
        ("a truth", "False", "text, `'False'`, not a truth value. Write `False` without quotes."),
        ("a truth", np.zeros(3), "an array of shape (3,), not a truth value"),
    ],
)
def test_a_wrong_type_is_named(item, answer, said):
    with pytest.raises(Unanswered) as error:
        classify({**RIGHT, item: answer}, WANTED, "Well done.")
    assert error.value.kind == "type"
    assert said in str(error.value)


def test_a_gap_is_not_judged():
    with pytest.raises(Unanswered, match="Still open is “a truth”"):
        classify({**RIGHT, "a truth": ...}, WANTED, "Well done.")
