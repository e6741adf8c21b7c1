"""Checks of the lesson *Beyond one machine*."""

from __future__ import annotations

import math

from swimlanes.checks.answers import Wanted, classify, close, numbers
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.verdict import Verdict, not_yet, right

_NINE = "with 90 % work and 10 % latency, how many times as long as the latency is the task?"
SHORTEST_MS = {
    "next process, latency 0.1 ms": Wanted(0.9, _NINE),
    "next room, latency 1 ms": Wanted(9.0, _NINE),
    "next country, latency 20 ms": Wanted(180.0, _NINE),
}
# Workers, length of a task and latency in ms.
CASES = [(4, 2.0, 8.0), (10, 90.0, 10.0), (1, 5.0, 5.0)]
MACHINES = {
    "1000 images, 0.1 s each, a coffee is fine": Wanted(
        "laptop", "how long is that on one core, and on a few?"
    ),
    "one table of 300 GB that must be in memory": Wanted(
        "node", "it needs much memory, and one large machine has that."
    ),
    "50 000 simulations of an hour each": Wanted(
        "cluster", "on 100 cores this takes three weeks, and a task is far longer than a latency."
    ),
    "a million tasks of 10 microseconds": Wanted(
        "laptop", "this is 10 s of work, and a round trip on a network is longer than a task."
    ),
    "64 runs of an hour with 2 GB each, by tonight": Wanted(
        "node", "one machine with tens of cores and 128 GB does it in a few hours."
    ),
}


@self_check(
    "The worker works for the length of the task, then waits for the length of the latency. The "
    "work should be 90 % of both together.",
    "If the latency is 10 % of the time, the task is 90 %: nine times as much as the latency.",
)
def shortest_tasks(answers: object) -> Verdict:
    """Check from which length of a task on a far worker spends 90 % of its time on work."""
    praise = "Nine times the latency. The farther away the worker is, the longer a task must be."
    return classify(answers, SHORTEST_MS, praise)


@self_check(
    "Compute first: the number of tasks times their length. Is it minutes, hours or years on one "
    "core? Then ask for the memory.",
    "Seconds or minutes: a laptop. Much memory, or hours on tens of cores: a node, which is one "
    "large machine. Years: a cluster, if the tasks are far longer than a latency.",
)
def machines(answers: object) -> Verdict:
    """Check which work needs which machine."""
    praise = "Much memory needs a node, very much work needs a cluster, tiny tasks stay at home."
    return classify(answers, MACHINES, praise)


@self_check(
    "How long does one far worker need for each task, the way there and back included? And how "
    "many "
    "tasks do all the workers end in that time?",
    "One worker ends a task every `task_ms + latency_ms`. One core here ends a task every "
    "`task_ms`. Divide, and multiply by the number of workers.",
)
def far_speedup(function: object) -> Verdict:
    """Check a function ``far_speedup(workers, task_ms, latency_ms)``."""
    values = numbers(function, CASES, "workers, task_ms, latency_ms")
    wanted = [_speedup(*case) for case in CASES]
    if close(values, wanted):
        return right(
            "With 4 workers, 2 ms of work and 8 ms on the way it is 0.8: one core here is faster."
        )
    return not_yet(_hint(values, wanted))


def _speedup(workers: float, task_ms: float, latency_ms: float) -> float:
    return workers * task_ms / (task_ms + latency_ms)


def _hint(values: list[float], wanted: list[float]) -> str:
    if close(values, [task / (task + latency) for _, task, latency in CASES]):
        return "This is how much of its time one worker spends on work. You have several workers."
    if close(values, [1 / value for value in wanted]):
        return "This is upside down: the time here belongs on top, the time there below."
    if close(values, [n for n, _, _ in CASES]):
        return "This would be right without a latency. But each task also costs the latency."
    pairs = zip(CASES, values, wanted, strict=True)
    (n, task, latency), value, right_one = next(
        row for row in pairs if not math.isclose(row[1], row[2])
    )
    return (
        f"For {n} {'worker' if n == 1 else 'workers'}, {task:g} ms of work and {latency:g} ms of "
        f"latency, it should be {right_one:g}, and your function returned {value:g}. Each worker "
        f"ends a task every {task + latency:g} ms, and one core here ends one every {task:g} ms."
    )
