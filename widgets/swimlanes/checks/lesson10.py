"""Checks of the lesson *Beyond one machine*."""

from __future__ import annotations

from swimlanes.checks.answers import Wanted, classify, close, numbers
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

_NINE = "90 % work and 10 % latency: so the task is how many times as long as the latency?"
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
        "node", "it is the memory that is short, and one large machine has it."
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


@self_check
def shortest_tasks(answers: object) -> Verdict:
    """Check from which length of a task on a far worker spends 90 % of its time on work."""
    praise = "Nine times the latency. The farther away the worker is, the longer a task must be."
    return classify(answers, SHORTEST_MS, praise)


@self_check
def machines(answers: object) -> Verdict:
    """Check which work needs which machine."""
    praise = "Memory calls for a node, very much work for a cluster, and tiny tasks stay at home."
    return classify(answers, MACHINES, praise)


@self_check
def far_speedup(function: object) -> Verdict:
    """Check a function ``far_speedup(workers, task_ms, latency_ms)``."""
    values = numbers(function, CASES)
    if close(values, [n * task / (task + latency) for n, task, latency in CASES]):
        return right(
            "4 workers, 2 ms of work and 8 ms on the way: 0.8, so here it would be sooner done."
        )
    return not_yet(_hint(values))


def _hint(values: list[float]) -> str:
    if close(values, [task / (task + latency) for _, task, latency in CASES]):
        return "This is the share of work of one worker. You have several."
    if close(values, [(task + latency) / (n * task) for n, task, latency in CASES]):
        return "This is upside down: the time here belongs on top, the time there below."
    if close(values, [n for n, _, _ in CASES]):
        return "This would be so without a latency. Each task also costs a round trip."
    return (
        f"4 workers, 2 ms of work, 8 ms on the way: your function says {values[0]:g}. Each worker "
        "ends a task every 10 ms, and one core here ends one every 2 ms."
    )
