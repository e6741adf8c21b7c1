import pytest

from swimlanes.errors import RequestError
from swimlanes.wall.identity import JoinCode, Who, WrongCode


@pytest.fixture
def identity():
    return JoinCode("KQ7M-ZT2P")


def test_a_code_may_be_typed_as_people_do(identity):
    for code in ("KQ7M-ZT2P", "kq7mzt2p", " KQ7M ZT2P "):
        assert identity.who(identity.join(code)).seat
        assert identity.who(code) == Who("KQ7M-ZT2P")


def test_every_seat_is_another_one(identity):
    seats = {identity.who(identity.join(identity.code)).seat for _ in range(50)}
    assert len(seats) == 50


def test_the_instructor_s_key_is_no_seat(identity):
    assert identity.who(identity.key) == Who(identity.key, instructor=True)


@pytest.mark.attack("guess a code, forge a token", "nobody is let in")
@pytest.mark.parametrize("code", ["", "KQ7M", "KQ7M-ZT2Q", "é" * 8, "\ud800", "KQ7M-ZT2PP"])
def test_a_wrong_code_lets_nobody_in(identity, code):
    with pytest.raises(WrongCode):
        identity.join(code)
    assert identity.who(code) is None


def test_a_token_cannot_be_forged(identity):
    token = identity.join(identity.code)
    seat, _, proof = token.partition(".")
    forged = [seat, f"{seat}.", f".{proof}", f"x{token}", token[:-1], f"other.{proof}"]
    assert [identity.who(secret) for secret in forged] == [None] * len(forged)
    assert JoinCode(identity.code).who(token) is None  # of a wall that was started anew


def test_a_code_is_made_or_long_enough():
    assert len({JoinCode().code for _ in range(20)}) == 20
    assert JoinCode().who("KQ7M-ZT2P") is None
    for wrong in ("ABC", "-----------", "ééééééé", "two words", "ABCDEF;", "ABCDEFé"):
        with pytest.raises(RequestError, match="at least 6 letters"):
            JoinCode(wrong)
