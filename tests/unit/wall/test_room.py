import pytest

from swimlanes.errors import RequestError
from swimlanes.wall import room as rooms
from swimlanes.wall.refusals import NothingThere, TooMuch
from swimlanes.wall.room import Classroom, Entry, entries_of
from swimlanes.wall.shared import SharedGuess

GUESS = SharedGuess("threads", 4, 3.5)


@pytest.fixture
def room(clock):
    return Classroom("A class", clock)


def test_people_have_numbers_in_the_order_in_which_they_share(room, study_of):
    assert room.number_of("a") is None
    assert [room.share(seat, study_of()) for seat in "cab"] == [1, 2, 3]
    assert room.share("a", GUESS) == 2
    assert (room.people, room.number_of("b"), room.number_of(None)) == (3, 3, None)


def test_curves_of_the_same_work_are_together_and_the_newest_work_comes_first(room, study_of):
    room.share("a", study_of())
    room.share("b", study_of())
    room.share("b", study_of("threads"))
    room.share("b", study_of(tasks_count=8, task_ms=None, task_bytes=2_000_000))
    names = [(topic.name.replace("\xa0", " "), len(topic.entries)) for topic in room.topics]
    assert names == [
        ("processes: count-down, 8 tasks of 2 MB", 1),
        ("threads: count-down, 16 tasks of 100 ms", 1),
        ("processes: count-down, 16 tasks of 100 ms", 2),
    ]


def test_the_same_work_once_more_replaces_what_was_there(room, study_of):
    room.share("a", study_of(cores=2))
    room.share("a", study_of(cores=4))
    (topic,) = room.topics
    assert topic.entries[1].item.cores == 4


def test_every_change_has_a_revision(room, study_of):
    room.share("a", study_of())
    (topic,) = room.topics
    for act in (
        lambda: room.share("b", study_of()),
        lambda: room.hide(topic.number, 1, True),
        lambda: room.explain(topic.number, 1, "on battery"),
    ):
        before = room.revision, topic.revision
        act()
        assert room.revision > before[0]
        assert topic.revision > before[1]


def test_what_is_hidden_stays_hidden_when_it_is_shared_once_more(room, study_of):
    room.share("a", study_of())
    room.share("b", study_of())
    number = room.topics[0].number
    room.hide(number, 1, True)
    room.explain(number, 2, "  on\nbattery \x1b ")
    assert room.topics[0].entries[2].note == "on battery �"
    room.share("a", study_of())
    assert list(room.topics[0].seen) == [2]
    room.hide(number, 1, False)
    assert list(room.topics[0].seen) == [1, 2]


def test_a_guess_comes_before_its_result(room, study_of):
    room.share("a", GUESS)
    room.share("a", study_of("threads"))
    with pytest.raises(RequestError, match="A guess comes before its result"):
        room.share("a", SharedGuess("threads", 2, 1.0))
    room.share("a", SharedGuess("processes", 2, 1.0))
    assert room.share("b", GUESS) == 2


@pytest.mark.attack("share without end", "refused in one sentence after 20 times in a minute")
def test_a_flood_is_refused_until_a_minute_has_passed(room, clock):
    for _ in range(rooms.MOST_A_MINUTE):
        room.share("a", GUESS)
    with pytest.raises(TooMuch, match="within a minute"):
        room.share("a", GUESS)
    room.share("b", GUESS)
    clock.now_s = 61.0
    assert room.share("a", GUESS) == 1


@pytest.mark.attack("share of ever other work", "the oldest goes, and with it what nobody else has")
def test_a_seat_has_so_much_room_and_no_more(room, clock):
    room.share("b", SharedGuess("threads", 2, 1.0))
    for workers in range(1, rooms.MOST_OF_A_SEAT + 4):
        clock.now_s += 10
        room.share("a", SharedGuess("threads", workers, 1.0))
    held = {topic.subject.workers: set(topic.entries) for topic in room.topics}
    assert held.pop(2) == {1}
    assert held == {workers: {2} for workers in range(4, rooms.MOST_OF_A_SEAT + 4)}


@pytest.mark.attack("take ever more seats", "refused in one sentence when the room is full")
def test_a_room_is_full_at_last(room):
    for seat in range(rooms.MOST_SEATS):
        room.share(f"{seat}", GUESS)
    with pytest.raises(TooMuch, match="room for 100 people"):
        room.share("one more", GUESS)
    assert room.share("3", GUESS) == 4


def test_a_class_that_is_closed_is_forgotten(room, study_of):
    room.share("a", study_of())
    room.close()
    assert (room.open, room.people, room.topics, room.news()) == (False, 0, [], "")
    with pytest.raises(RequestError, match="closed"):
        room.share("a", GUESS)


def test_a_wall_opens_for_another_class_with_nothing_of_the_one_before(room, clock, study_of):
    with pytest.raises(RequestError, match="close it first"):
        room.reopen()
    room.share("a", study_of())
    (before,) = room.topics
    room.close()
    clock.now_s = 100.0
    revision = room.revision
    room.reopen()
    assert (room.open, room.opened, room.people, room.topics) == (True, 2, 0, [])
    assert room.share("b", study_of()) == 1
    (topic,) = room.topics
    assert topic.number != before.number, "what was drawn of the other one is not shown"
    assert topic.entries[1].at_s == 0
    assert room.revision > revision


def test_who_shared_is_told_once(room):
    assert room.news() == ""
    room.share("a", GUESS)
    assert room.news() == "Person 1 shared."
    for seat in "cba":
        room.share(seat, GUESS)
    assert room.news() == "People 1, 2, 3 shared."
    assert room.news() == ""


def test_what_is_not_there_is_told(room, study_of):
    with pytest.raises(NothingThere, match="no topic 7"):
        room.hide(7, 1, True)
    room.share("a", study_of())
    with pytest.raises(NothingThere, match="Person 9"):
        room.explain(room.topics[0].number, 9, "")
    with pytest.raises(RequestError, match="at most 100 characters"):
        room.explain(room.topics[0].number, 1, "x" * 101)


def test_a_recorded_class_comes_as_it_was(room, clock, study_of):
    room.expect({1, 7})
    for number in range(30):
        room.replay(1, Entry(SharedGuess("threads", number % 3 + 1, 1.0), 0.0))
    room.replay(7, Entry(study_of(), 5.0, hidden=True, note="on battery"))
    entry = room.topics[0].entries[7]
    assert (entry.hidden, entry.note) == (True, "on battery")
    assert [person for person, _ in entries_of(room)] == [1, 1, 1, 7]


def test_people_of_today_get_the_numbers_that_nobody_had(room, study_of):
    room.expect({1, 3})
    assert [room.share(f"seat {seat}", study_of()) for seat in range(3)] == [2, 4, 5]
    room.replay(3, Entry(study_of(), 0.0))
    assert list(room.topics[0].entries) == [2, 4, 5, 3]


def test_a_recorded_class_may_be_sorted_in_any_way(room, study_of):
    room.expect({1})
    for item in (study_of("threads"), SharedGuess("threads", 4, 1.0)):
        room.replay(1, Entry(item, 0.0))
    assert len(room.topics) == 2


def test_a_full_class_of_today_takes_no_place_from_a_recorded_one(room, study_of):
    room.expect({rooms.MOST_SEATS})
    for seat in range(rooms.MOST_SEATS - 1):
        room.share(f"seat {seat}", study_of())
    with pytest.raises(TooMuch, match="all of it is taken"):
        room.share("one more", study_of())
    room.replay(rooms.MOST_SEATS, Entry(study_of(), 0.0))
    assert len(room.topics[0].entries) == rooms.MOST_SEATS
