"""What speedup a run could have reached, given a serial run of the same work."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes import metrics, modes, workloads
from swimlanes.records.first_calls import busy_s, first_calls
from swimlanes.records.run import Run

# Clocks, page faults and the like take up to so much of a task that only computes.
_UNSEEN = 0.05
# The runner's own threads look after the run; that takes a little CPU time, whatever its length.
_RUNNER_S = 0.1


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
    weights = weights_of(serial_run, run) * (run.tasks_count // serial_run.tasks_count)
    return possible_like(run, serial_run, weights, run.workers, run.chunksize)


def possible_like(
    run: Run, serial_run: Run, weights: Sequence[float], workers: int, chunksize: int | None
) -> metrics.Possible:
    """Return what is possible with so many workers, everything else being as in `run`."""
    far, share = modes.of(run.mode).elsewhere, cpu_share(serial_run)
    return metrics.possible(
        weights,
        workers,
        chunksize,
        threads=run.threads,
        in_order=not far,
        cores=run.usable_cores,
        # Dask tells its workers to have no threads inside the tasks.
        cpu_share=min(1.0, share) if far else share,
    )


def weights_of(serial_run: Run, run: Run | None = None) -> tuple[float, ...]:
    """Return the relative lengths of the tasks; those measured where they were not chosen.

    What a task waited for a core, because of others, is no part of its length.
    Where `run` shows that the first call of each worker took longer, the serial run's first task
    is no longer than the others: what it took for loading is not the length of a task.
    """
    if serial_run.lengths:
        return tuple(workloads.weights(serial_run.lengths, serial_run.tasks_count))
    lengths = [max(0.0, busy_s(task)) for task in serial_run.tasks]
    if run is not None and first_calls(serial_run, run):
        lengths[0] = min(lengths[0], max(lengths[1:]))
    return tuple(lengths)


def cpu_share(serial_run: Run) -> float:
    """Return how many cores the tasks of a serial run kept busy, on average.

    That is 0 for work that waits, 1 for work that computes, above 1 for work with threads of its
    own, such as BLAS. What is within 0.05 below or 0.1 above 1 counts as 1.

    The tasks' CPU time / (their length - waiting for a core): a neighbour makes a serial run
    longer, but does not change what its tasks need.

    A task's own clock knows its thread only. What was measured of threads inside the task is added.
    What processes inside the task compute is in the CPU time of the whole run. The CPU time of the
    run, without all the time beside the tasks and without what the runner's own threads may have
    used, is the least that the tasks can have used. The larger of both counts.

    Threads inside the tasks that spin while they have nothing to do seem to compute. Only the
    task's own thread is known to wait for a core: where those inside of it wait as well, or the
    system does not tell, a disturbed run seems to have waited for something else.
    """
    account = serial_run.account
    with_a_core_s = account.useful + account.blocked
    if not with_a_core_s:
        return 1.0
    beside_s = account.area_s - with_a_core_s - account.waiting
    by_threads_s = account.useful * (1 + serial_run.inner_threads)
    share = max(by_threads_s, serial_run.cpu_time_s - beside_s - _RUNNER_S) / with_a_core_s
    return 1.0 if 1 - _UNSEEN < share <= 1 + metrics.INNER_THREADS else share
