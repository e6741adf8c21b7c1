"""What speedup a run could have reached, given a serial run of the same work."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes import metrics, workloads
from swimlanes.records.run import Run

# Clocks, page faults and the like take up to so much of a task that only computes.
_UNSEEN = 0.05
# Within so much of the wall time, CPU time beside the tasks says nothing of threads in them.
_BESIDE = 0.1


def possible_for_run(run: Run, serial_run: Run) -> metrics.Possible:
    """Return the largest speedup within reach of a run: one number, wherever it is shown.

    Parameters
    ----------
    run : Run
        The run.
    serial_run : Run
        A serial run of the same work, or of that of one worker (weak scaling).

    Returns
    -------
    Possible
        The smallest of what the workers, the cores, the longest task, the chunks and the
        batches allow; it says which one that is.
    """
    weights = weights_of(serial_run) * (run.tasks_count // serial_run.tasks_count)
    return possible_like(run, serial_run, weights, run.workers, run.chunksize)


def possible_like(
    run: Run, serial_run: Run, weights: Sequence[float], workers: int, chunksize: int | None
) -> metrics.Possible:
    """Return what is possible with so many workers, everything else being as in `run`."""
    far = run.mode == "cluster"
    return metrics.possible(
        weights,
        workers,
        chunksize,
        threads=run.threads,
        in_order=not far,
        cores=run.usable_cores,
        cpu_share=_task_share(serial_run) if far else cpu_share(serial_run),
    )


def weights_of(serial_run: Run) -> tuple[float, ...]:
    """Return the relative lengths of the tasks; those measured where they were not chosen."""
    if serial_run.lengths:
        return tuple(workloads.weights(serial_run.lengths, serial_run.tasks_count))
    return tuple((task.end_s or task.start_s) - task.start_s for task in serial_run.tasks)


def cpu_share(serial_run: Run) -> float:
    """Return how many cores the tasks of a serial run kept busy, on average.

    Parameters
    ----------
    serial_run : Run
        The run.

    Returns
    -------
    float
        0 for work that waits, 1 for work that computes, above 1 for work with threads of its
        own, such as BLAS. What is within 0.05 below 1 counts as 1, which is how far clocks and
        page faults may be wrong.

    Notes
    -----
    The tasks' CPU time / (their length - waiting for a core): a neighbour makes a serial run
    longer, but does not change what its tasks need. That CPU time is of the tasks' own threads.
    Of threads inside of them only the process knows: if its CPU time exceeds the wall time by a
    tenth, it takes the place of the tasks'.

    Threads inside the tasks that spin while they have nothing to do seem to compute. Where the
    system tells no run-queue delay, waiting for a core cannot be subtracted, and a disturbed
    run seems to wait. Workers of a cluster are told to leave the cores inside of them alone,
    and may be on other machines: for them only the tasks' own threads count.
    """
    if serial_run.cpu_time_s <= (1 + _BESIDE) * serial_run.wall_time_s:
        return _task_share(serial_run)
    return serial_run.cpu_time_s / (serial_run.wall_time_s - serial_run.account.waiting)


def _task_share(serial_run: Run) -> float:
    account = serial_run.account
    with_a_core_s = account.useful + account.blocked
    share = account.useful / with_a_core_s if with_a_core_s else 1.0
    return 1.0 if share > 1 - _UNSEEN else share
