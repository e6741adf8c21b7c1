"""The rows of the instructor's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from classroom.engine import Seat
from classroom.roster import Account
from instructor.hub import Member
from instructor.people import ago, people
from instructor.usage import Usage

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
USAGE = Usage(busy_cores=1.5, memory_bytes=100, memory_limit_bytes=200)
ACCOUNTS = {
    "ada": Account("ada", "Ada Lovelace", ""),
    "a-teacher": Account("a-teacher", "A Teacher", "", admin=True),
}
SEATS = {"ada": Seat("ada", "class-participant-ada", frozenset({0, 1}), running=True)}


def member(name="ada", ready=False, pending=None, sharers=1):
    return Member(name, ready, pending, sharers, NOW)


@pytest.mark.parametrize(
    ("ready", "pending", "state"),
    [
        (True, None, "running"),
        (False, "spawn", "starting"),
        (True, "stop", "stopping"),
        (False, None, "stopped"),
    ],
)
def test_the_state_is_the_hubs(ready, pending, state):
    (person,) = people([member(ready=ready, pending=pending)], ACCOUNTS, SEATS, {})
    assert person.state == state
    assert person.is_in == (state == "running")


def test_who_is_in_has_cores_and_usage():
    (person,) = people([member(ready=True)], ACCOUNTS, SEATS, {"ada": USAGE})
    assert person.cores_told == "0-1"
    assert person.usage == USAGE


def test_shared_cores_are_told():
    (person,) = people([member(ready=True, sharers=3)], ACCOUNTS, SEATS, {})
    assert person.cores_told == "0-1 (shared by up to 3)"


def test_a_container_whose_server_is_stopped_holds_nothing():
    (person,) = people([member()], ACCOUNTS, SEATS, {"ada": USAGE})
    assert person.cores_told == ""
    assert person.usage is None


def test_who_is_on_no_list_any_more_is_shown_by_account():
    (person,) = people([member("bob-muller")], ACCOUNTS, {}, {})
    assert person.title == "bob-muller (bob-muller)"


def test_a_server_without_a_container_is_shown_all_the_same():
    (person,) = people([member("bo", ready=True)], ACCOUNTS, SEATS, {"ada": USAGE})
    assert person.is_in
    assert person.usage is None


def test_the_instructor_comes_last_and_is_told_apart():
    ada, you = people([member("a-teacher"), member("ada")], ACCOUNTS, SEATS, {})
    assert (ada.admin, ada.title) == (False, "Ada Lovelace (ada)")
    assert (you.admin, you.title) == (True, "A Teacher (you)")


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_how_long_ago(passed, told):
    assert ago(NOW - passed, NOW) == told


def test_never():
    assert ago(None, NOW) == "never"
