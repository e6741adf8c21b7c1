"""All modes on the same work, measured: tasks that compute, and tasks that wait."""

from measured import comparisons

ALT = (
    "Speedup over 1 to 4 workers in all modes, measured on two cores; above for tasks that "
    "compute, below for tasks that wait. Computing: threads stay at 1. Free threads rise to 1.3, "
    "and processes up to two workers and no further, because there is no third core; processes by "
    "fork come closest to 2. Waiting: threads, free threads and processes rise with every worker, "
    "also beyond the cores; threads, free threads and processes by fork the most, because they "
    "start fastest. The cluster, which is started for each run, stays below serial."
)


def draw() -> str:
    """Return the figure."""
    return comparisons(ALT, ("all-modes-computing", "all-modes-waiting"))
