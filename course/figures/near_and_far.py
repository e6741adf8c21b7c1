"""All modes and a cluster on the same work, measured: short tasks, and tasks ten times as long."""

from measured import comparisons

ALT = (
    "Speedup with 1 and 2 workers in all modes and on a Dask cluster, measured on two cores; "
    "above for eight tasks of 25 ms, below for eight tasks of 250 ms. With short tasks processes "
    "by fork gain the most, and the cluster, which is started for each run, is far below serial. "
    "With long tasks the start weighs less: processes by any start method come close to 2, free "
    "threads rise, too, and the cluster comes up to serial."
)


def draw() -> str:
    """Return the figure."""
    return comparisons(ALT, ("near-and-far-short", "near-and-far-long"))
