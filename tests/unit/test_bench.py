import pytest

from swimlanes import bench

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(bench, "REPEATS", 1)
    monkeypatch.setattr(bench, "NO_OP_TASKS", 100)
    monkeypatch.setattr(bench, "REDRAWS", 2)


def test_the_bare_pool_is_timed_in_a_process_of_its_own():
    times = bench._bare_pool("abs", (1, 2, 3), workers=2)
    assert 0 < times["map_s"] < times["wall_time_s"]


@pytest.mark.parametrize("name", ["run_over_pool_map_10ms", "recording_us_per_task", "redraw_ms"])
def test_a_measurement_gives_a_number_under_its_name(name):
    ratios = getattr(bench, name)()
    assert ratios.keys() == {name}
    # The difference of two noisy times can be anything; a ratio and a cost are above zero.
    assert ratios[name] > 0 or name == "recording_us_per_task"


def test_both_sides_take_turns():
    order = []
    ours = lambda: order.append("ours") or 1.0  # noqa: E731
    theirs = lambda: order.append("theirs") or 2.0  # noqa: E731
    assert bench._interleaved(ours, theirs, repeats=2) == (1.0, 2.0)
    assert order == ["ours", "theirs"] * 2
