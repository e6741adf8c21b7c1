"""How many runs a sweep makes, and about how long they take, before it starts."""

import pytest

from swimlanes import comparing, modes
from swimlanes.options import DEFAULTS, PanelOptions, part_of
from swimlanes.panel.request import Request
from swimlanes.scaling import sweep


def asked(workload="query", mode="threads", inputs=None, **options):
    return Request(workload, mode, {**part_of(DEFAULTS, PanelOptions), **options}, inputs)


@pytest.mark.parametrize(
    ("request_", "about"),
    [
        (asked(tasks=10, task_ms=1000, repeats=1), "about 45 s"),  # 10 + 10 + 10 + 5 + 3.3 + ...
        (asked("count-down", tasks=10, task_ms=1000, repeats=1), "about 70 s"),  # one GIL
        (asked("count-down", "processes", tasks=10, task_ms=1000, repeats=1), "about 50 s"),
        (asked(tasks=1, task_ms=1, repeats=1), "a few seconds"),
        # Nothing is over before its longest task is: 61 s three times, and 60 s four times.
        (asked(tasks=2, task_ms=1000, repeats=1, lengths="1,60"), "about 7 min"),
    ],
)
def test_a_time_is_told_where_it_can_be_estimated(request_, about):
    sentence = f"Sweep makes 7 runs, {about} if the cores are free."
    assert request_.about_sweep(cores=2) == sentence


@pytest.mark.parametrize(
    "request_", [asked(len, inputs=("a",), repeats=2), asked("payload", repeats=2)]
)
def test_no_time_is_told_of_what_is_not_known(request_):
    assert request_.about_sweep(cores=2) == "Sweep makes 13 runs."


def test_a_sweep_makes_so_many_runs(monkeypatch):
    monkeypatch.setattr("swimlanes.scaling.usable_cores", lambda: 2)
    first = next(sweep("query", mode="threads", tasks=1, task_ms=1, repeats=2))
    first.running.result()
    assert f"{first.total} runs" in asked(repeats=2).about_sweep(cores=2)


def test_a_comparison_makes_so_many_runs(monkeypatch):
    monkeypatch.setattr("swimlanes.comparing.usable_cores", lambda: 2)
    steps = comparing.comparing("query", tasks=1, task_ms=1, max_workers=2, repeats=2)
    first = next(steps)
    first.running.result()
    steps.close()
    available = [mode for mode in modes.MODES if not modes.why_unavailable(mode)]
    said = asked(workers=2, repeats=2).about_compare(2, available)
    assert said.startswith(f"Compare all modes makes {first.total} runs, a")
    assert said.endswith(" if the cores are free.")
    only_threads = asked(workers=2, repeats=2).about_compare(2, ["serial", "threads"])
    assert only_threads == ("Compare all modes makes 7 runs, a few seconds if the cores are free.")
    own = asked(len, inputs=("a",), workers=2, repeats=1)
    assert own.about_compare(2, ["threads"]) == "Compare all modes makes 4 runs."
