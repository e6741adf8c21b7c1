import pytest

from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.verdict import Unanswered, not_yet, right
from swimlanes.course import recorded, tried


@self_check()
def is_true(answer):
    if answer is ...:
        raise Unanswered("Answer.", "open")
    return right("Yes.") if answer else not_yet("No.")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a course, in which the checks run."""
    (tmp_path / "START.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Odd:
    def __bool__(self):
        raise OSError("odd")


@pytest.mark.parametrize(
    ("answer", "said", "noted"),
    [
        (..., "Answer.", False),
        (0, "No.", True),
        (Odd(), "This answer could not be judged: reading it ended in `OSError`. Give what", True),
    ],
)
def test_what_is_not_right_is_said_and_noted_as_a_try_if_it_is_one(answer, said, noted, home):
    assert is_true(answer).message.startswith(said)
    assert recorded(home) == frozenset()
    assert tried(home) == ({"is_true"} if noted else frozenset())


@pytest.mark.parametrize("answers", [(), (1, 2)])
def test_too_few_or_too_many_answers_are_told(answers):
    said = is_true(*answers).message
    assert said == "Give this check your answer, and nothing else: `checks.is_true(answer)`."


def test_what_is_right_is_noted(home):
    assert is_true(1).ok
    assert recorded(home) == {"is_true"}
    assert tried(home) == frozenset()


def test_a_check_keeps_its_name_and_what_it_says_of_itself():
    assert is_true.__name__ == "is_true"


def test_an_interrupt_is_no_answer():
    @self_check()
    def slow(answer):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        slow(1)
