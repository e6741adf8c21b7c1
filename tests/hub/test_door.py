"""Who knocks how often, and with what: the door keeps count by what it sees itself."""

from __future__ import annotations

import json

import httpx
import pytest

from classroom.door import ELSEWHERE, HEADER, environment, peer, seat

from .conftest import ADMIN

TOKEN = "b" * 64
FLOOD = """
import collections, json, select, socket, time
waiting, poll, ends, began = {}, select.poll(), collections.Counter(), time.monotonic()
def see(patience_ms):
    for number, _ in poll.poll(patience_ms):
        try:
            told = waiting[number].recv(99).startswith(b"HTTP/1.1 408")
        except OSError:
            told = False
        ends["ended" if told else "refused"] += 1
        poll.unregister(number)
        waiting.pop(number).close()
for number in range(20_000):
    try:
        door = socket.create_connection(("door", 8000))
        door.sendall(b"POST /hub/login HTTP/1.1\\r\\nHost: class\\r\\nContent-Length: 9\\r\\n")
    except OSError:
        ends["refused"] += 1
    else:
        waiting[door.fileno()] = door
        poll.register(door, select.POLLIN)
        len(waiting) > 2000 and see(0)
sending_s = time.monotonic() - began
print("flooding", flush=True)
deadline = time.monotonic() + 90
while waiting and time.monotonic() < deadline:
    see(1000)
print(json.dumps(ends | {"left": len(waiting), "sending_s": sending_s}))
"""


def test_the_door_alone_says_where_somebody_comes_from():
    secret = environment(TOKEN, "", tls=False)["DOOR_SECRET"]
    assert peer({HEADER: f"{secret} 192.0.2.1"}, TOKEN) == "192.0.2.1"
    forged = {"X-Real-Ip": "192.0.2.9", "X-Forwarded-For": "192.0.2.9"}
    for headers in (forged, {HEADER: "192.0.2.9"}, {HEADER: " 192.0.2.9"}, {HEADER: "é 192.0.2.9"}):
        assert peer(headers, TOKEN) == ELSEWHERE


def test_a_seat_is_one_persons_and_one_classs():
    seats = {seat(token, name) for token in (TOKEN, "c" * 64) for name in ("ada", "bo", "")}
    assert len(seats) == 6
    assert seat(TOKEN, "ada") == seat(TOKEN, "ada")


def wrong_login(class_hub, number):
    """Give a wrong password for hal, and claim to come from somewhere new."""
    with httpx.Client(base_url=class_hub.url, timeout=90) as web:
        web.get("/hub/login")
        address = f"198.51.100.{number}"
        headers = {
            "X-Forwarded-For": address, "X-Real-Ip": address, "Forwarded": f"for={address}",
            HEADER: f"guess {address}",
        }  # fmt: skip
        form = {"username": "hal", "password": "wrong", "_xsrf": web.cookies["_xsrf"]}
        return web.post("/hub/login", data=form, headers=headers).status_code


@pytest.mark.attack(
    "guess passwords, each time from somewhere else, as the headers say",
    "late answers for this address; owners and instructor get in at once",
)
def test_wrong_passwords_are_slow_whatever_the_headers_say_and_keep_nobody_out(class_hub):
    class_hub.enrol("Hal")
    answers = [wrong_login(class_hub, number) for number in range(6)]
    assert set(answers) <= {403, 429}
    assert answers[-1] == 429, "all from one address"
    assert "(@198.51.100." not in class_hub.log("hub")
    for name in ("hal", "ada", ADMIN):
        assert class_hub.login(name).logged_in


@pytest.mark.parametrize("written", [" ada", "ADA", "Ada\t"])
def test_a_name_may_be_written_as_people_do(class_hub, written):
    assert class_hub.login(written, f" {class_hub.passwords['ada']} ").logged_in


@pytest.mark.attack("send 20,000 requests by half", "ended after ten seconds; others get in")
def test_a_flood_of_half_sent_requests_ends_and_others_get_in(class_hub, attacker):
    flood = attacker(FLOOD)
    assert class_hub.login("ada").logged_in
    ends = json.loads(flood.communicate(timeout=120)[0])
    assert ends["left"] == 0
    # Each ten seconds a thousand of them end, and as many others find a place.
    waited = 1001 * (1 + int(ends["sending_s"] / 10))
    assert 0 < ends["ended"] <= waited
    assert ends["refused"] >= 20_000 - waited
