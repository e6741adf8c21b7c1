"""What the engine's counters mean, with control groups of both versions."""

from __future__ import annotations

import docker
import pytest
from requests.exceptions import JSONDecodeError

from classroom.engine import Engine, Seat
from instructor.errors import NO_ENGINE, PageError
from instructor.usage import read_stats, seats_and_usage, usage_between


def stats(cpu_ns, inactive_name="inactive_file"):
    memory = {"usage": 300, "limit": 1000, "stats": {inactive_name: 100}}
    return {"cpu_stats": {"cpu_usage": {"total_usage": cpu_ns}}, "memory_stats": memory}


@pytest.mark.parametrize("inactive_name", ["inactive_file", "total_inactive_file"])
def test_the_file_cache_is_no_memory_in_use(inactive_name):
    look = read_stats(stats(0, inactive_name), at_s=0)
    assert (look.memory_bytes, look.memory_limit_bytes) == (200, 1000)


def test_busy_cores_are_cpu_time_over_time():
    first, second = read_stats(stats(10**9), at_s=10), read_stats(stats(2 * 10**9), at_s=10.5)
    assert usage_between(first, second).busy_cores == 2


def test_a_container_started_anew_between_the_looks_is_not_less_than_idle():
    first, second = read_stats(stats(10**9), at_s=10), read_stats(stats(10**8), at_s=10.5)
    assert usage_between(first, second).busy_cores == 0


def test_a_container_that_has_just_stopped_has_no_usage():
    assert read_stats({"cpu_stats": {}, "memory_stats": {}}, at_s=0) is None


def test_an_engine_that_went_away_is_told_in_one_sentence(engine):
    went_away = Engine("swimlanes-test-nobody", internet=False)
    went_away.client.close()
    went_away.client = docker.DockerClient(base_url="tcp://127.0.0.1:1", version="1.41")
    with pytest.raises(PageError, match="does not answer") as told:
        seats_and_usage(went_away)
    went_away.client.close()
    assert str(told.value) == NO_ENGINE


@pytest.mark.parametrize("gone", [docker.errors.NotFound("gone"), JSONDecodeError("", "", 0)])
def test_a_container_that_goes_meanwhile_has_no_usage_and_the_others_have(
    engine, gone, monkeypatch
):
    """The engine says so, or breaks off in the middle of its answer."""
    at_hand = Engine("swimlanes-test-nobody", internet=False)
    seats = [Seat(name, name, frozenset({0}), running=True) for name in ("ada", "bo")]

    def told(container, **_):
        if container == "ada":
            raise gone
        return stats(10**9)

    monkeypatch.setattr(at_hand, "seats", lambda: seats)
    monkeypatch.setattr(at_hand.client.api, "stats", told)
    found, usage = seats_and_usage(at_hand)
    at_hand.client.close()
    assert (set(found), set(usage)) == ({"ada", "bo"}, {"bo"})
