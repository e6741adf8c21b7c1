"""A class of thirty and its wall, rehearsed: ``make class-rehearsal``, not in CI.

Eight participants have real servers and do what a lesson asks for; twenty-two are simulated from
outside with accounts of their own. Each step on the wall is written to ``build/rehearsal`` as a
picture, light and dark, to be looked at: nothing is compared.
"""

from __future__ import annotations

import itertools
import os
import random
import re
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import pytest
from playwright.sync_api import expect

from .conftest import ADMIN, REPOSITORY

REAL = [f"real-{number:02}" for number in range(1, 9)]
SIMULATED = [f"simulated-{number:02}" for number in range(1, 23)]
WALL = "/services/wall/"
WORK = {"tasks": 8, "task_ms": 50}
PICTURES = REPOSITORY / "build" / "rehearsal"
RECORDS_A_SECOND = 5  # thirty people, ten records each, within a minute
PAIRS = 15
TURN_S = 6.0
LASTS_S = (2 * PAIRS + 2) * (TURN_S + 1)
PIECES = """
import time
from swimlanes.workloads import count_down

end = time.monotonic() + LASTS_S
while (start := time.monotonic()) < end:
    count_down(200_000.0)
    print(start, time.monotonic() - start)
"""
LESSON = """
import os
from pathlib import Path

from swimlanes import checks, course, study
from swimlanes.wall import client
from swimlanes.wall.shared import SharedGuess, share_of
from swimlanes.wall.telling import progress_in

folder, place = Path.home() / "course", client.find()
os.chdir(folder)
os.environ["JPY_SESSION_NAME"] = str(folder / "06-speedup.ipynb")
if STEP == "hand":
    client.raise_hand(place, "")
if STEP == "exercise":
    lessons = course.material(course.originals()).lessons
    for begins, factor in ((True, 2), (False, 1)):
        checks.speedup(lambda serial_s, parallel_s: factor * serial_s / parallel_s)
        client.tell_progress(place, progress_in(folder, lessons), begins)
if STEP == "guess":
    client.share(place, SharedGuess("processes", 2, GUESS))
if STEP == "sweep":
    found = study("count-down", tasks=8, task_ms=50, mode="processes", start_method="fork")
    client.share(place, share_of(found))
"""


@pytest.fixture(scope="module")
def room(new_class):
    """Open a class of thirty, whose servers share the cores."""
    room = new_class(*REAL, *SIMULATED)
    room.open(CORES_PER_PARTICIPANT="2", SHARE_CORES="yes")
    return room


@pytest.fixture(scope="module")
def wall(room, chromium):
    """Return two pages of the instructor's, light and dark, of a projector's size."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    pages = []
    for scheme in ("light", "dark"):
        size = {"width": 1280, "height": 720}
        page = chromium.new_page(viewport=size, color_scheme=scheme)
        page.goto(f"{room.url}{WALL}login")
        page.get_by_label(re.compile("user", re.I)).fill(ADMIN)
        page.get_by_label(re.compile("password", re.I)).first.fill(room.passwords[ADMIN])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{room.url}{WALL}")
        pages.append(page)
    yield pages
    for page in pages:
        page.close()


def photograph(wall, name):
    """Take both pictures of a step."""
    for page, scheme in zip(wall, ("light", "dark"), strict=True):
        page.screenshot(path=PICTURES / f"{name}-{scheme}.png")


def do(room, name, step, guess=2.0):
    """Let somebody with a server do a step of the lesson there."""
    program = LESSON.replace("STEP", repr(step)).replace("GUESS", repr(guess))
    room.exec(name, "python", "-c", program)


def proof_of(room, name):
    """Return the header of one without a server: the hub gives a token to whoever is logged in."""
    person = room.person(name)
    asked = person.hub(
        "POST", f"users/{name}/tokens", json={"scopes": ["access:services!service=wall"]}
    )
    assert asked.status_code == 201, asked.text
    return {"Authorization": f"Bearer {asked.json()['token']}"}


def send(room, name, path, sent, proof=None):
    """Send something to the wall for one who is simulated."""
    proof = proof or proof_of(room, name)
    answer = room.person(name).web.post(f"{WALL}{path}", json=sent, headers=proof)
    assert answer.status_code == 200, answer.text


def tell(wall, button, **fields):
    """Let the instructor fill in a form of *Tell the class*, and press its button."""
    wall[0].get_by_role("button", name="Tell the class…").click()
    for label, value in fields.items():
        wall[0].get_by_label(label, exact=True).fill(value)
    wall[0].get_by_role("button", name=button).click()


def how_far(chance):
    """Return how far somebody is in lesson 06, in the order of its exercises."""
    names = ["speedup", "most_possible", "scaling_kinds"]
    right = chance.randrange(len(names) + 1)
    named = [f"06-speedup.ipynb: {name}" for name in names]
    return {"right": named[:right], "trying": named[right : right + chance.randrange(2)]}


def curve(chance, cores):
    """Return a curve as a laptop with so many cores has it; one of eight was disturbed."""
    points, serial_share = [], chance.uniform(0.02, 0.12)
    disturbed = chance.random() < 0.125
    for workers in range(1, 2 * cores + 1):
        possible = 1 / (serial_share + (1 - serial_share) / min(workers, cores))
        speedup = possible * chance.uniform(0.88, 0.99) * (0.6 if disturbed else 1)
        points.append(
            {
                "workers": workers, "lanes": workers, "speedup": round(speedup, 3),
                "low": round(speedup * 0.97, 3), "high": round(speedup * 1.03, 3),
                "possible": round(possible, 3), "disturbed": disturbed,
            }
        )  # fmt: skip
    return {
        "kind": "study", "scaling": "strong", "workload": "count-down", "mode": "processes",
        "tasks_count": 8, "task_ms": 50.0, "lengths": "equal", "task_bytes": None,
        "schedule": "map", "cores": cores, "interpreter": "CPython 3.13.5", "serial_s": 0.4,
        "fair": True, "points": points,
    }  # fmt: skip


def test_a_lesson_of_thirty(room, wall):
    chance = random.Random(30)
    with ThreadPoolExecutor(4) as everybody:
        list(everybody.map(room.spawn, REAL))
        list(everybody.map(room.person, SIMULATED))
    projector = wall[0]
    expect(projector.get_by_text("press Share with the class")).to_be_visible()
    photograph(wall, "1-nobody-yet")

    tell(wall, "Announce", Announcement="We begin with lesson 06. Guess first, then sweep.")
    wall[0].get_by_role("button", name="Tell the class…").click()
    projector.get_by_label("Lesson", exact=True).select_option("06-speedup.ipynb")
    projector.get_by_role("button", name="Everybody at this lesson now").click()
    tell(wall, "Start the timer", **{"Timer, in minutes": "15"})
    expect(projector.get_by_text("of 15 minutes")).to_be_visible()
    photograph(wall, "2-told")

    for name in REAL:
        do(room, name, "guess", chance.choice((1.5, 2.0, 2.0, 4.0)))
    for name in SIMULATED:
        guess = chance.choice((1.0, 1.5, 2.0, 2.0, 2.0, 4.0))
        sent = {"kind": "guess", "mode": "processes", "workers": 2, "speedup": guess}
        send(room, name, "share", sent)
    expect(projector.get_by_text("of 30 guessed about 2")).to_be_visible()
    photograph(wall, "3-guesses")

    for name in REAL:  # one after the other, so that each has the cores for the sweep
        do(room, name, "sweep")
    expect(projector.get_by_text("8 people, 2 cores each")).to_be_visible()
    photograph(wall, "4-eight-real-curves")
    for name in SIMULATED:
        send(room, name, "share", curve(chance, chance.choice((2, 2, 4, 4, 8))))
    expect(projector.get_by_text("30 people: ")).to_be_visible()
    photograph(wall, "5-thirty-curves")

    for name in REAL:
        do(room, name, "exercise")
    for name in SIMULATED:
        send(room, name, "progress/begin", how_far(chance))
    for page in wall:
        page.get_by_label("On the wall").select_option("progress")
    expect(projector.get_by_text("30 people have agreed")).to_be_visible()
    photograph(wall, "6-how-far")
    for name in (REAL[0], REAL[1]):
        do(room, name, "hand")
    send(room, SIMULATED[0], "hand/raise", {})
    projector.get_by_role("button", name="3 hands are up…").click()
    expect(projector.get_by_text(REAL[0])).to_be_visible()
    photograph(wall, "7-hands")
    for name in (REAL[0], REAL[1], SIMULATED[0]):
        projector.get_by_role("button", name=f"Lower the hand of {name}").click()
    projector.get_by_role("button", name="Done").click()
    for page in wall:
        page.get_by_label("On the wall").select_option("0")

    projector.get_by_role("button", name="Open a poll…").click()
    projector.get_by_role("button", name="Let the class vote").click()
    for name in (*REAL, *SIMULATED):
        vote(room, name, chance)
    expect(projector.get_by_text("30 people have voted")).to_be_visible()
    photograph(wall, "8-votes")
    projector.get_by_role("button", name="End the poll and show the answer").click()
    expect(projector.locator("#choices").get_by_text("✓").first).to_be_visible()
    photograph(wall, "9-answer")


def vote(room, name, chance):
    """Vote for one of the answers of the poll that is open."""
    proof, poll = proof_of(room, name), None
    while not poll:  # labs hear of it within half a second
        poll = room.person(name).web.get(f"{WALL}class", headers=proof).json()["poll"]
    chosen = [chance.randrange(len(poll["choices"]))]
    send(room, name, "vote", {"poll": poll["poll"], "chosen": chosen}, proof)


def test_a_measurement_beside_a_busy_wall(room):
    """A serial loop of a participant's, on a core of its own, while the wall is busy and is not.

    The loop is timed piece by piece, and the wall is busy every other few seconds: whatever else
    changes on this machine changes for both.
    """
    room.empty()
    settings = {"CLASS_CORES": "0", "HUB_CORES": "1", "SHARE_CORES": "no"}
    room.open(CORES_PER_PARTICIPANT="1", **settings)
    room.spawn(REAL[0])
    here = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {1})
    try:
        with ThreadPoolExecutor(1) as beside:
            pieces = beside.submit(pieces_s, room)
            turns = [turn(room, busy=number % 2 == 1) for number in range(2 * PAIRS + 1)]
            times = pieces.result()
    finally:
        os.sched_setaffinity(0, here)
    means = [
        statistics.median(length for start, length in times if began <= start < ended)
        for began, ended in turns
    ]
    ratios = [2 * busy / (before + after) for before, busy, after in
              zip(means[::2], means[1::2], means[2::2], strict=False)]  # fmt: skip
    low, middle, high = statistics.quantiles(ratios)
    error = statistics.stdev(ratios) / len(ratios) ** 0.5
    print(
        f"\nT(1) while thirty share / alone: {middle:.3f} (median of {len(ratios)}, middle half "
        f"{low:.3f} to {high:.3f}, standard error of the mean {error:.3f}); goal 1.01"
    )


def pieces_s(room):
    """Return when each piece of a participant's loop began, and how long it took, seconds."""
    told = room.exec(REAL[0], "python", "-c", PIECES.replace("LASTS_S", f"{LASTS_S}")).stdout
    return [tuple(map(float, line.split())) for line in told.splitlines()]


def turn(room, busy):
    """Let a few seconds pass, with a busy wall or without; return when they began and ended."""
    began = time.monotonic()
    with busy_wall(room) if busy else nullcontext():
        threading.Event().wait(TURN_S)
    return began, time.monotonic()


@contextmanager
def busy_wall(room):
    """Let people share, as often as thirty do, until that is over; the wall takes all of it."""
    proofs = {name: proof_of(room, name) for name in SIMULATED}
    over, chance, answers = threading.Event(), random.Random(1), []

    def share():
        turns = itertools.cycle(SIMULATED)  # the wall takes so much a minute from each
        while not over.wait(1 / RECORDS_A_SECOND):
            name, record = next(turns), curve(chance, 4)
            web = room.person(name).web
            answers.append(web.post(f"{WALL}share", json=record, headers=proofs[name]))

    sharing = threading.Thread(target=share)
    sharing.start()
    try:
        yield
    finally:
        over.set()
        sharing.join()
    assert {answer.status_code for answer in answers} == {200}
