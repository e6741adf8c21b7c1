"""Acting for everybody, and how it is told."""

from __future__ import annotations

import asyncio

import pytest

from classroom.allocator import ALL_IN_USE
from classroom.errors import ClassroomError
from instructor.notices import KEPT, Notices
from instructor.servers import AT_ONCE, for_everybody


@pytest.fixture
def start(run_async):
    def for_all(act, names):
        notices = Notices()
        run_async(for_everybody(act, {name: name.title() for name in names}, "started", notices))
        return [(notice.sentence, notice.trouble) for notice in notices]

    return for_all


async def succeed(name):
    pass


def test_success_is_counted(start):
    assert start(succeed, ["ada", "bo"]) == [("2 servers were started.", False)]
    assert start(succeed, ["ada"]) == [("1 server was started.", False)]


def test_who_failed_alike_is_named_together(start):
    places = iter(range(1, 100))

    async def out_of_cores(name):
        if name != "ada":
            raise ClassroomError(f"You are number {next(places)} in line.")

    names = ["ada", "bo", "cy", "di", "ed", "flo", "gil", "hal"]
    assert start(out_of_cores, names) == [
        ("1 server was started.", False),
        (
            "Not started for Bo, Cy, Di, Ed, Flo and 2 more: You are number 1 in line.",
            True,
        ),
    ]


def test_where_cores_ran_out_the_instructor_reads_what_to_do(start):
    async def out_of_cores(name):
        raise ClassroomError(f"{ALL_IN_USE} (0-1) are in use.")

    [(sentence, _)] = start(out_of_cores, ["ada"])
    assert sentence.endswith("set SHARE_CORES=yes in image/hub/.env and run make hub.")


def test_different_reasons_are_told_apart(start):
    async def fail(name):
        raise ClassroomError(f"Something about {name}.")

    sentences = {sentence for sentence, _ in start(fail, ["ada", "bo"])}
    assert sentences == {
        "Not started for Ada: Something about ada.",
        "Not started for Bo: Something about bo.",
    }


def test_only_a_few_are_served_at_once(start):
    running = most = 0

    async def count(name):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    start(count, [str(number) for number in range(5 * AT_ONCE)])
    assert most == AT_ONCE


def test_old_notices_are_forgotten():
    notices = Notices()
    for number in range(KEPT + 3):
        notices.say(str(number))
    assert next(notice.sentence for notice in notices) == str(KEPT + 2)
    assert len(list(notices)) == KEPT
