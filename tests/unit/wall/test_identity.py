import pytest

from swimlanes.errors import RequestError
from swimlanes.wall.identity import JoinCode, Who, WrongCode


@pytest.fixture
def who(identity, run_async):
    """Return a function that says who has a secret."""
    return lambda secret: run_async(identity.who(secret))


def test_a_code_may_be_typed_as_people_do(identity, who):
    for code in ("KQ7M-ZT2P", "kq7mzt2p", " KQ7M ZT2P "):
        assert who(identity.join(code)).seat
        assert who(code) == Who("KQ7M-ZT2P")


def test_every_seat_is_another_one(identity, who):
    seats = {who(identity.join(identity.code)).seat for _ in range(50)}
    assert len(seats) == 50


def test_the_instructor_s_key_is_no_seat(identity, who):
    assert who(identity.key) == Who(identity.key, instructor=True)


@pytest.mark.attack("guess a code, forge a token", "nobody is let in")
@pytest.mark.parametrize("code", ["", "KQ7M", "KQ7M-ZT2Q", "é" * 8, "\ud800", "KQ7M-ZT2PP"])
def test_a_wrong_code_lets_nobody_in(identity, who, code):
    with pytest.raises(WrongCode):
        identity.join(code)
    assert who(code) is None


def test_a_token_cannot_be_forged(identity, who, run_async):
    token = identity.join(identity.code)
    seat, _, proof = token.partition(".")
    forged = [seat, f"{seat}.", f".{proof}", f"x{token}", token[:-1], f"other.{proof}"]
    assert [who(secret) for secret in forged] == [None] * len(forged)
    anew = JoinCode(identity.code)  # of a wall that was started anew
    assert run_async(anew.who(token)) is None


def test_a_code_is_made_or_long_enough(run_async):
    assert len({JoinCode().code for _ in range(20)}) == 20
    assert run_async(JoinCode().who("KQ7M-ZT2P")) is None
    for wrong in ("ABC", "-----------", "ééééééé", "two words", "ABCDEF;", "ABCDEFé"):
        with pytest.raises(RequestError, match="at least 6 letters"):
            JoinCode(wrong)
