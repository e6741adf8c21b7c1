"""Raised hands: whose they are, who sees that, and what a lab hears of its own."""

import json

import httpx
import pytest

from swimlanes.errors import RequestError
from swimlanes.wall import client, errands, hands, own_hand
from swimlanes.wall.hands import Hands, Standing
from swimlanes.wall.own_hand import LOWERED, OwnHand
from swimlanes.wall.refusals import NothingThere, TooMuch
from swimlanes.wall.room import Classroom


@pytest.fixture
def raised(clock, changes):
    """Return the hands of a class, of which none is up."""
    return Hands(lambda: changes.append(1), clock)


def whose(raised):
    return [(hand.who, hand.place) for hand in raised.up]


def put_up(raised, seat, who, place):
    raised.put_up(seat, who, raised.expect(seat, place))


def test_hands_are_up_in_order_until_they_are_lowered(raised, changes):
    for seat in ("a", "b", "c"):
        put_up(raised, seat, f"person {seat}", "")
    assert raised.standing("c") == Standing(True, "person c", 2)
    put_up(raised, "a", "person a", " third\n\x1b row ")
    assert whose(raised)[0] == ("person a", "third � row"), "it keeps its turn"
    assert raised.up[0].number == 1, "and the instructor's press still lowers it"
    raised.lower("a")
    raised.lower("a")
    raised.lower_number(raised.up[0].number)
    assert raised.standing("b") == Standing(up=False)
    assert raised.standing("c") == Standing(True, "person c", 0)
    put_up(raised, "a", "person a", "")
    assert raised.standing("a").before == 1
    with pytest.raises(NothingThere, match="down already"):
        raised.lower_number(1)
    assert len(changes) == 7


@pytest.mark.attack("raise hands without end, from ever more seats, with a long text", "refused")
def test_hands_are_bounded(raised, clock):
    with pytest.raises(RequestError, match="at most 40 characters, not 41"):
        put_up(raised, "a", "person 1", "x" * 41)
    for number in range(hands.MOST_HANDS):
        put_up(raised, f"seat {number}", "x" * 200, "x" * 40)
    clock.now_s = 61.0
    with pytest.raises(TooMuch, match="100 hands are up already"):
        put_up(raised, "one more", "person 1", "")
    put_up(raised, "seat 3", "person 3", "")
    assert max(len(hand.who) for hand in raised.up) == 60
    raised.forget()
    assert raised.up == []
    for _ in range(hands.MOST_A_MINUTE - 1):
        put_up(raised, "seat 3", "person 3", "")
        raised.lower("seat 3")
    with pytest.raises(TooMuch, match="You raised your hand 20 times within a minute"):
        put_up(raised, "seat 3", "person 3", "")


def test_a_class_that_closes_lowers_all_hands():
    room = Classroom("A class")
    room.raise_hand("a", "", "")
    room.raise_hand("b", "ada", "")
    assert whose(room.hands) == [("person 1", ""), ("ada", "")]
    assert (room.people, room.number_of("a"), room.number_of("b")) == (0, 1, None)
    revision = room.revision
    room.close()
    assert room.hands.up == []
    assert room.revision > revision
    with pytest.raises(RequestError, match="closed"):
        room.raise_hand("a", "", "")


@pytest.mark.attack("raise or lower a hand for others, list whose are up", "refused in a sentence")
@pytest.mark.parametrize("identity", ["code", "hub"], indirect=True)
def test_a_hand_is_its_owners_and_names_are_the_instructors(opened, eventually):
    place, other = opened.place(), opened.place()
    name = opened.hub.owners[place.token]["name"] if opened.hub else "person 1"
    assert client.raise_hand(place, "<b>row</b>") == Standing(True, name, 0)
    assert client.raise_hand(other, "").before == 1
    for path, sent in (("hand/raise", {}), ("hand", {}), ("hand/lower", {})):
        for wrong, status in (("nobody", opened.unknown), (f"x{place.token}", opened.unknown)):
            answer = post(opened, path, wrong, sent)
            assert (answer.status_code, list(answer.json())) == (status, ["sentence"])
        answer = post(opened, path, place.token, {"seat": "another"})
        assert (answer.status_code, list(answer.json())) == (400, ["sentence"])
        if not opened.hub:  # there, an instructor has a lab, too
            assert post(opened, path, opened.key, sent).status_code == 403
    for nonsense in ({"place": 1}, {"place": "x" * 1001}, {"place": "x" * 41}):
        assert post(opened, "hand/raise", place.token, nonsense).status_code == 400
    assert len(opened.room.hands.up) == 2
    with opened.asking(other.token) as participant, opened.asking(opened.key) as instructor:
        assert participant.get("/hands").status_code == 403
        assert participant.post("/hands/lower", json={"number": 1}).status_code == 403
        first = instructor.get("/hands").json()["hands"][0]
        assert first == {"number": 1, "who": name, "place": "<b>row</b>"}

        def heard(page):
            with page.stream("GET", "/events") as events:
                return next(events.iter_lines()).removeprefix("data: ")

        eventually(lambda: json.loads(heard(participant))["hands"] == 2)
        for page in (participant, instructor):
            told = heard(page)
            assert name not in told
            assert "row" not in told
        assert instructor.post("/hands/lower", json={"number": 1}).status_code == 200
        assert instructor.post("/hands/lower", json={"number": 1}).status_code == 404
        assert instructor.post("/hands/lower", json={"number": "<b>"}).status_code == 400
        assert participant.post("/hands/lower-all", json={"number": 9}).status_code == 403
        client.raise_hand(opened.place(), "")
        client.raise_hand(opened.place(), "")
        assert instructor.post("/hands/lower-all", json={"number": 3}).status_code == 200
        (later,) = instructor.get("/hands").json()["hands"]
        assert later["number"] == 4, "nobody has seen it"
        assert instructor.post("/hands/lower-all", json={"number": 4}).status_code == 200
    assert client.raise_hand(other, "").up
    assert client.hand(place) == Standing(up=False)
    assert client.hand(other).before == 0
    client.lower_hand(other)
    assert opened.room.hands.up == []
    opened.room.close()
    for ask in (client.hand, lambda place: client.raise_hand(place, "")):
        with pytest.raises(client.Declined, match="This class is closed"):
            ask(place)
    client.lower_hand(place)


def post(opened, path, token, sent):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{opened.base}/{path}", json=sent, headers=headers, trust_env=False)


@pytest.fixture
def identity(request):
    """Tell who is who in the way that a test asks for."""
    kind = getattr(request, "param", "code")
    return request.getfixturevalue({"code": "identity", "hub": "hub_identity"}[kind])


@pytest.fixture
def look(eventually, monkeypatch):
    """Return a function that lets a lab look again and again until a condition holds."""
    monkeypatch.setattr(own_hand, "LOOK_EVERY_S", 0.0)

    def until(hand, condition):
        def fits():
            return not hand._errands.under_way and condition()

        eventually(lambda: fits() or hand.look())

    return until


def test_a_lab_raises_its_hand_and_hears_what_becomes_of_it(opened, look):
    raised, hand = opened.room.hands, OwnHand()
    hand.look()
    assert (hand.place, hand.state) == (None, "down")
    client.raise_hand(client.join(opened.base, opened.identity.code), "")
    client.join(opened.base, opened.identity.code)
    look(hand, lambda: hand.place)
    hand.put_up("row 3")
    look(hand, lambda: hand.state == "up")
    assert hand.standing == Standing(True, "person 2", 1)
    assert whose(raised)[1] == ("person 2", "row 3")
    raised.lower_number(1)
    look(hand, lambda: hand.standing.before == 0)
    hand.lower()
    look(hand, lambda: hand.state == "down")
    assert (raised.up, hand.sentence) == ([], "")
    hand.put_up("")
    look(hand, lambda: hand.state == "up")
    raised.lower_number(3)
    look(hand, lambda: hand.state == "down")
    assert hand.sentence == LOWERED
    hand.put_up("")
    look(hand, lambda: hand.state == "up")
    client.join(opened.base, opened.identity.code)  # for another seat
    look(hand, lambda: hand.state == "down" and not raised.up)  # also where it was
    assert hand.sentence == ""
    hand.put_up("")
    look(hand, lambda: hand.state == "up")
    assert whose(raised) == [("person 3", "")]
    opened.room.close()
    look(hand, lambda: hand.state == "down")
    assert (hand.sentence, "This class is closed" in hand.trouble) == ("", True)


def test_a_hand_that_is_down_is_asked_for_once(opened, monkeypatch):
    client.join(opened.base, opened.identity.code)
    asked = []

    def at_once(act, told):
        asked.append(act)
        told(act())

    monkeypatch.setattr(client, "in_background", at_once)
    hand = OwnHand()
    for _ in range(3):
        hand.look()
    assert len(asked) == 1
    hand.put_up("")
    for _ in range(3):
        hand.look()
    assert len(asked) == 2


def test_a_hand_that_is_up_stays_so_when_python_begins_anew(opened, look):
    client.raise_hand(client.join(opened.base, opened.identity.code), "row 3")
    hand = OwnHand()
    look(hand, lambda: hand.state == "up")
    assert hand.standing == Standing(True, "person 1", 0)
    hand.lower()
    look(hand, lambda: hand.state == "down")
    assert opened.room.hands.up == []


@pytest.mark.attack("raise a hand without end with what is refused", "takes no seat")
def test_who_is_refused_takes_no_seat(opened):
    place = client.join(opened.base, opened.identity.code)
    with pytest.raises(client.Declined, match="at most 40 characters"):
        client.raise_hand(place, "x" * 41)
    assert client.raise_hand(client.join(opened.base, opened.identity.code), "").who == "person 1"


def test_a_press_counts_that_comes_while_the_wall_is_asked(opened, monkeypatch):
    client.join(opened.base, opened.identity.code)
    asked, hand = [], OwnHand()
    monkeypatch.setattr(client, "in_background", lambda act, told: asked.append((act, told)))

    def answered():
        act, told = asked.pop()
        told(act())

    hand.look()
    answered()
    hand.put_up("")
    hand.look()
    hand.lower()
    answered()
    assert hand.state == "lowering"
    hand.look()
    hand.put_up("")
    answered()
    assert hand.state == "raising"
    hand.look()
    answered()
    assert hand.state == "up"
    monkeypatch.setattr(own_hand, "LOOK_EVERY_S", 0.0)
    hand._errands.wait(0.0)
    hand.look()
    opened.room.hands.lower_number(2)
    hand.lower()
    answered()
    assert (hand.state, hand.sentence) == ("lowering", "")


def test_a_wall_that_does_not_answer_is_asked_again_later(opened, look, monkeypatch):
    client.join(opened.base, opened.identity.code)
    hand = OwnHand()
    look(hand, lambda: hand.place)
    with monkeypatch.context() as patched:
        patched.setattr(client, "raise_hand", refuse)
        hand.put_up("")
        look(hand, lambda: hand.trouble)
    look(hand, lambda: True)
    assert (hand.state, hand.trouble, opened.room.hands.up) == ("raising", "It sleeps.", [])
    assert errands.AGAIN_S >= 5
    hand._errands.wait(0.0)
    look(hand, lambda: hand.state == "up")
    assert hand.trouble == ""


def test_whoever_presses_hears_why_a_wall_does_not_answer_that_never_did(look, monkeypatch):
    monkeypatch.setattr(client, "find", lambda: client.Place("http://127.0.0.1:9", "t"))
    monkeypatch.setattr(client, "hand", refuse)
    hand = OwnHand()
    look(hand, lambda: hand._errands.trouble)
    assert hand.trouble == "", "nobody has pressed anything"
    hand.put_up("row 3")
    look(hand, lambda: hand.trouble)
    assert (hand.state, hand.trouble) == ("raising", "It sleeps.")


def refuse(*_):
    raise client.Refused("It sleeps.")
