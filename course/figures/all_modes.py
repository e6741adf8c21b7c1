"""All modes on the same work, measured: tasks that compute, and tasks that wait."""

from measured import comparisons

ALT = (
    "Speedup over 1 to 4 workers in all modes, measured on two cores; above for tasks that "
    "compute, below for tasks that wait. Computing: threads stay at 1. Processes and "
    "interpreters rise up to two workers and no further, because there is no third core; "
    "processes by fork come closest to 2. Waiting: all modes rise with every worker, also "
    "beyond the cores; threads, free threads and processes by fork the most, because they "
    "start fastest."
)


def draw() -> str:
    """Return the figure."""
    return comparisons(ALT, ("all-modes-computing", "all-modes-waiting"))
